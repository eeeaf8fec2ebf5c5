#!/usr/bin/perl
# A partner that lies, row by row of docs/PROTOCOL.md, by mailbox and by parcel: a table of lies, each signed and proved by the keys that the liar
# has, with the refusal it must meet (status and slug). Whatever is refused changes nothing at the honest node, neither its log nor its state, and
# the honest message that follows is taken. A row of the protocol without a lie fails the test. (Every member of every message: circulation.t.)
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Between;
use Circulation;
use Digest::SHA 'sha256_hex';
use JSON::PP;
use MIME::Base64 qw(encode_base64 encode_base64url);
use Node;
use Test::More;
use Time::HiRes qw(sleep time);

my (%told, $before);	# row -> how many lies
sub slug {
	my ($answer) = @_;
	my $said = eval { decode_json($answer->{body}) } // {};
	return $said->{code} // ($said->{type} // '') =~ s/^urn:shugu:problem://r;
}

# A lie that was told: refused so, and by whom nothing is changed.
sub met {
	my ($row, $what, $answer, $to, $status, $slug) = @_;
	$told{$row}++;
	is("$answer->{status} " . slug($answer), "$status $slug", "row $row, $what: $slug") or diag $answer->{body};
	return same($to);
}
sub same { my ($to) = @_; my $now = standing($to); ok($now eq $before, 'and nothing changed'); $before = $now; return }

# The proof that a sender makes of an act of its own, in a log of one entry that bears its key: right in itself.
sub proves {
	my ($from, $message, $change) = @_;
	my $act = copy(beside($message)->{E}{act});
	$change->($act);
	beside($message)->{E} = prove($from, $act);
	return;
}

# Changes the document, signs and proves it anew.
sub says {
	my ($change) = @_;
	return sub {
		my ($message, $from) = @_;
		my $in = beside($message);
		$change->($in->{document});
		$in->{signature} = resign($from, $in->{document});
		my $side = $from == $s ? 'provider' : 'consumer';
		proves($from, $message, sub { @{$_[0]{body}}{qw(document signatures)} = (digest($in->{document}), {$side => sha256_hex($in->{signature})}) });
	};
}

# Lies that every message with a proof can be: [what, change of (message, sender), status, slug].
my $ahead = sub { POSIX::strftime('%Y-%m-%dT%H:%M:%S.000Z', gmtime(time + 3600)) };
my @of_proofs = (
	['no evidence', sub { my $m = $_[0]; $m->{shugu} ? delete $m->{shugu} : delete $m->{E} }, 400, 'evidence-missing'],
	['evidence without a proof', sub { delete beside($_[0])->{E} }, 400, 'evidence-missing'],
	['an act that is not the one in the log', sub { beside($_[0])->{E}{act}{body}{more} = 'x' }, 400, 'bad-proof'],
	['a path to another root', sub { push @{beside($_[0])->{E}{path}}, 'a' x 64 }, 400, 'bad-proof'],
	['a head of a log without the key', sub { my $p = prove({%$c, vkey => beside($_[0])->{E}{head} =~ /^(\S+)/ && "$1+00000000+x"}, beside($_[0])->{E}{act}); beside($_[0])->{E} = $p }, 400, 'bad-signature'],
	['the proof of another act', sub { my ($m, $from) = @_; proves($from, $m, sub { $_[0]{type} = 'evidence.record' }) }, 400, 'bad-digest'],
	['an act of the future', sub { my ($m, $from) = @_; proves($from, $m, sub { $_[0]{at} = $ahead->() }) }, 425, 'clock-skew'],
	['a head of our log that there is not', sub { my ($m, $from, $to) = @_; beside($m)->{seen} = prove($to, {type => 'x'}, 1 << 30)->{head} }, 422, 'proof-refused'],
);
my @of_documents = (
	['a document that the act does not hold', sub { my ($m, $from) = @_; proves($from, $m, sub { $_[0]{body}{document} = 'cd' x 32 }) }, 400, 'bad-digest'],
	['a signature by another key', sub { my ($m, $from) = @_; beside($m)->{signature} = resign({%$c, did => $from->{did}}, beside($m)->{document}) }, 400, 'bad-signature'],
	['a signature under another name', sub { my ($m, $from) = @_; beside($m)->{signature} = resign($c, beside($m)->{document}) }, 400, 'bad-signature'],
	['a signature of another kind', sub { my ($m, $from) = @_; beside($m)->{signature} = resign($from, beside($m)->{document}, 'status') }, 400, 'bad-signature'],
);
my $other = 'urn:uuid:01980000-0000-7000-8000-00000000beef';
my $hex = 'ab' x 32;
my %lies = (
	1 => [@of_proofs,
		['an offer that was never made', sub { $_[0]{offer}{'@id'} = $other }, 404, 'not-found'],
		['another price than is offered', sub { my ($m, $from) = @_; proves($from, $m, sub { $_[0]{body}{price}{net} = 1 }) }, 400, 'bad-value'],
		['other terms than are offered', sub { $_[0]{offer}{permission} = [{action => 'use', constraint => [{leftOperand => 'count', operator => 'lteq', rightOperand => '99'}]}] }, 400, 'bad-value'],
		['an answer to somebody else', sub { $_[0]{callbackAddress} = "$c->{url}/dsp/2025-1/callback" }, 400, 'forbidden-address'],
	],
	2 => [@of_proofs, @of_documents,
		['another price', says(sub { $_[0]{price}{net}++; $_[0]{price}{tax} = int(($_[0]{price}{net} * $_[0]{price}{rate} + 5000) / 10000) }), 400, 'bad-value'],
		['another object', says(sub { $_[0]{object}{root} = $hex }), 400, 'bad-value'],
		['other terms', says(sub { $_[0]{terms} = {permission => [{action => 'use', constraint => [{leftOperand => 'count', operator => 'lteq', rightOperand => '1'}]}]} }), 400, 'bad-value'],
		['another purpose', says(sub { $_[0]{scenario}{purpose} = 'resale' }), 400, 'bad-value'],
		['another buyer', says(sub { $_[0]{consumer}{name} = 'Third' }), 400, 'bad-value'],
		['the buyer under another key', says(sub { $_[0]{consumer}{key} = $_[0]{provider}{key} =~ s/^./A/r }), 400, 'bad-value'],
		['an offer that has ended', says(sub { $_[0]{openUntil} = '2020-01-01T00:00:00.000Z' }), 410, 'gone'],
		['another agreement in the message', sub { $_[0]{agreement}{timestamp} = '2026-01-01T00:00:00Z' }, 400, 'bad-digest'],
	],
	3 => [@of_proofs,
		['a signature by another key', sub { my ($m, $from) = @_; my $in = beside($m); $in->{signature} = $in->{signature} =~ s/(.)(?=.{30}\z)/$1 eq 'A' ? 'B' : 'A'/er }, 400, 'bad-signature'],
		['an act that binds to another G', sub { my ($m, $from) = @_; proves($from, $m, sub { $_[0]{body}{document} = $hex }) }, 400, 'bad-digest'],
	],
	4 => [@of_proofs,
		['an act that holds another signature', sub { my ($m, $from) = @_; proves($from, $m, sub { $_[0]{body}{signatures}{consumer} = $hex }) }, 400, 'bad-digest'],
		['an act that binds to another G', sub { my ($m, $from) = @_; proves($from, $m, sub { $_[0]{body}{document} = $hex }) }, 400, 'bad-digest'],
	],
	5 => [@of_proofs, @of_documents,
		['an agreement that is not theirs', sub { $_[0]{agreementId} = $other }, 404, 'not-found'],
		['a request under another G', says(sub { $_[0]{agreement} = $hex }), 400, 'bad-digest'],
		['another delivery than it signs', sub { $_[0]{consumerPid} = $other }, 400, 'bad-value'],
		['a callback at somebody else', sub { $_[0]{callbackAddress} = "$c->{url}/dsp/2025-1/callback" }, 400, 'forbidden-address'],
	],
	6 => [@of_proofs, @of_documents,
		['another root than G has', says(sub { $_[0]{root} = $hex }), 400, 'bad-digest'],
		['another size', says(sub { $_[0]{size}++ }), 400, 'bad-value'],
		['another request', says(sub { $_[0]{request} = $hex }), 400, 'bad-digest'],
		['another agreement', says(sub { $_[0]{agreement} = $hex }), 400, 'bad-digest'],
		['another delivery', says(sub { $_[0]{delivery} = $other }), 400, 'bad-value'],
		['a token that is not that of M', sub { $_->{name} eq 'authorization' and $_->{value} = 'x' x 43 for @{$_[0]{dataAddress}{endpointProperties}} }, 400, 'bad-digest'],
		['data at somebody else', sub { $_[0]{dataAddress}{endpoint} = "$c->{url}/data/1" }, 400, 'forbidden-address'],
	],
	8 => [@of_proofs, @of_documents,
		['a receipt of another delivery', says(sub { $_[0]{manifest} = $hex }), 400, 'bad-digest'],
		['complete, of less', says(sub { $_[0]{ranges} = [[0, 1]] }), 400, 'bad-value'],
		['complete, of more', says(sub { $_[0]{ranges}[0][1]++ }), 400, 'bad-value'],
		['complete with a bad chunk', says(sub { $_[0]{bad} = 0 }), 400, 'bad-value'],
		['the number nought', says(sub { $_[0]{seq} = 0 }), 400, 'bad-value'],
	],
	9 => [@of_proofs, @of_documents,
		['tax that does not follow', says(sub { $_[0]{voucher}{tax}++ }), 400, 'bad-value'],
		['a delivery that there is not', says(sub { $_[0]{manifest} = $hex }), 404, 'not-found'],
	],
	10 => [@of_proofs,
		['a signature by another key', sub { my $in = beside($_[0]); $in->{signature} = $in->{signature} =~ s/(.)(?=.{30}\z)/$1 eq 'A' ? 'B' : 'A'/er }, 400, 'bad-signature'],
		['an act that accepts another I', sub { my ($m, $from) = @_; proves($from, $m, sub { $_[0]{body}{document} = $hex }) }, 400, 'bad-digest'],
		['an act that holds another signature of the seller', sub { my ($m, $from) = @_; proves($from, $m, sub { $_[0]{body}{signatures}{provider} = $hex }) }, 400, 'bad-digest'],
	],
);
my @old;

# Row N: a person by a link.
sub link_asks { my ($path, $body) = @_; return $s->ask($body ? 'POST' : 'GET', $path, $body && $json->encode($body), Accept => 'application/json', $body ? ('Content-Type' => 'application/json') : ()) }
sub by_link {
	my ($product) = map { $_->{product} } @{(api($s, 'GET', '/products'))[1]{products}};	# both have the same bytes
	my $link = sub { (api($s, 'POST', '/shares', {product => $product, to => 'Ann', @_}))[1] };
	my ($one, $gone) = ($link->(count => 1), $link->());
	my ($path, $ended) = map { $_->{url} =~ s{^https?://[^/]+}{}r } $one, $gone;
	is(($s->cli('share', 'revoke', $gone->{share} // $gone->{id}, '--reason', 'enough'))[0], 0, 'a link is revoked');
	my %ann = (name => 'Ann', organisation => 'Ann Ltd', agree => 'yes');
	$before = standing($s);
	met('N', "$_->[0]", link_asks($_->[1], $_->[2]), $s, $_->[3], $_->[4]) for
		['a link that nobody gave', '/s/' . 'A' x 43, {%ann}, 404, 'not-found'], ['a link that was revoked', $ended, {%ann}, 410, 'gone'],
		['no agreement', $path, {%ann, agree => 'no'}, 400, 'bad-value'], ['no name', $path, {%ann, name => ''}, 400, 'bad-value'],
		['a name without end', $path, {%ann, name => 'x' x 321}, 400, 'bad-value'], ['a name that is none', $path, {%ann, name => ['x']}, 400, 'bad-value'];
	my $taken = $json->decode(link_asks($path, {%ann})->{body});
	my ($page, $invoice) = map { s{^https?://[^/]+}{}r } @$taken{qw(page invoice)};
	$before = standing($s);
	met('N', "$_->[0]", link_asks(@$_[1, 2]), $s, @$_[3, 4]) for ['a second time of one', $path, {%ann}, 403, 'term-refuses'],
		['the key of another', $page =~ s/.{43}\z/'A' x 43/er, undef, 401, 'unauthenticated'], ['an invoice for bytes that were not taken', $invoice, undef, 404, 'not-found'];
	is(length $s->ask('GET', "$page/file")->{body}, 17, 'the honest one has his file');
	is(Node::await(sub { link_asks($invoice) }, sub { $_[0]{status} == 200 })->{status}, 200, 'and then an invoice');
	return;
}

# Rows C, P and Z: what comes later, about the first invoice.
sub later {
	my ($order) = @_;
	my $mine = sub { (grep { $_->{delivery} eq $order->{delivery} } @{(api($_[0], 'GET', '/invoices'))[1]{invoices}})[0] };
	my $id = $mine->($b)->{id};
	my $tell = sub {
		my ($row, $caught, @lies) = @_;
		my ($from, $to) = (sender($caught), $caught->{to});
		my $message = $json->decode($caught->{body});
		$before = standing($to);
		for my $lie (@of_proofs, @of_documents, @lies) {
			my $lied = copy($message);
			$lie->[1]->($lied, $from, $to);
			met($row, $lie->[0], post($to, $caught->{target}, $lied, session($from, $to)), $to, @$lie[2, 3]);
		}
		met($row, 'told by a third party', post($to, $caught->{target}, $message, session($c, $to)), $to, 404, 'not-found');
		like(forward($caught)->{status}, qr/^20[02]$/, "row $row itself is taken");
	};
	is(($s->cli('invoice', 'correct', $id, '--net', 100000, '--reason', 'lines were missing'))[0], 0, 'the seller corrects');
	$tell->('C', catch($b, qr{/corrections$}),
		['more than the invoice', says(sub { @{$_[0]}{qw(net tax)} = (1, 0) }), 400, 'bad-value'],
		['less than nothing', says(sub { @{$_[0]}{qw(net tax)} = (-120001, -7200) }), 400, 'bad-value'],
		['tax that does not follow', says(sub { $_[0]{tax}++ }), 400, 'bad-value'],
		['another rate', says(sub { $_[0]{rate} = 0 }), 400, 'bad-value'],
		['void, with something due', says(sub { $_[0]{void} = JSON::PP::true }), 400, 'bad-value'],
		['after a correction that there is not', says(sub { $_[0]{prev} = $hex }), 412, 'precondition-failed'],
		['of an invoice that there is not', says(sub { $_[0]{corrects} = $hex }), 404, 'not-found']);
	is(($b->cli('invoice', 'dispute', $id, '--reason', 'not all of it'))[0], 0, 'the buyer disputes');
	$tell->('P', catch($s, qr{/disputes$}),
		['no reason', sub { my ($m, $from) = @_; says(sub { $_[0]{reason} = '' })->($m, $from); $m->{reason} = '' }, 400, 'bad-value'],
		['of an invoice that there is not', says(sub { $_[0]{invoice} = $hex }), 404, 'not-found']);
	my $asked = sub { $_[0]->ask('GET', "/peer/v1/invoices/$id/status", undef, Authorization => 'Bearer ' . session($_[1], $_[0])) };
	$before = standing($s);
	met('Z', 'asked by a third party', $asked->($s, $c), $s, 404, 'not-found');
	is(($b->cli('invoice', 'export', $id, '-o', "$b->{dir}/file"))[0], 0, 'the file of the invoice');
	my $file = $json->decode(Node::slurp("$b->{dir}/file"));
	my $z = $json->decode($asked->($s, $b)->{body});
	my $read = sub {
		my ($said) = @_;
		open(my $f, '>:raw', "$b->{dir}/file") or die;
		print $f $json->encode({%$file, later => [@{$file->{later}}, $said]});
		close $f;
		my $text = qx($ENV{SHUGU_VERIFY} $b->{dir}/file 2>&1);
		return ($? >> 8, $text);
	};
	my ($code, $text) = $read->($z);
	is($code, 0, 'with an honest status it is proved') or diag $text;
	for my $lie (['of another invoice', sub { $_[0]{invoice} = $hex }], ['a state that there is not', sub { $_[0]{state} = 'paid' }], ['an entry of the other log', sub { $_[0]{entry}{origin} = 'c.example/log' }],
		['an entry behind the head', sub { $_[0]{entry}{index} = 1 << 30 }], ['a head of a third', sub { $_[0]{head} = prove($c, {})->{head} }], ['signed by a third', undef]) {
		my $lied = copy($z);
		$lie->[1]->($lied->{Z}) if $lie->[1];
		$lied->{sigs}{provider} = resign($lie->[1] ? $s : {%$c, did => $s->{did}}, $lied->{Z});
		($code, $text) = $read->($lied);
		$told{Z}++;
		is($code, 1, "row Z, a status $lie->[0]: not proved") or diag $text;
		like($text, qr/what came later|canonical file|signatures/, 'and why');
	}
	return;
}

# Row 7: bytes that are not those of the root that was signed. What is not right is refused by a receipt, and nothing is due.
sub bytes {
	open(my $f, '>', "$s->{dir}/hail.csv") or die;
	print $f "station,hail\n3,4\n";
	close $f;
	is(($s->cli('publish', "$s->{dir}/hail.csv", '--name', 'hail', '--net', 5000, '--rate', 600))[0], 0, 'a product of other bytes');
	my ($status, $order) = api($b, 'POST', '/orders', {party => $s->{did}, product => 'hail', deliver => JSON::PP::true});
	is($status, 202, 'is ordered');
	my $mine = sub { (api($b, 'GET', "/deliveries/" . segment($order->{delivery})))[1] };
	for my $i (1 .. 8) {
		my $caught = catch($s, qr{^/data/[^/]+\z}, seconds => 20, until => sub { ($mine->()->{result} // '') eq 'refused' }) or last;
		give($caught, $caught->{head} =~ /^range:/mi ? 206 : 200, 'other bytes, 17..', 'Content-Range' => 'bytes 0-16/17', 'Content-Length' => 17);
		$told{7}++;
	}
	relay(sub { ($mine->()->{result} // '') eq 'refused' });
	is($mine->()->{result}, 'refused', 'row 7, other bytes: the receipt refuses them');
	cmp_ok($told{7} // 0, '>=', 1, 'after they were sent');
	relay(sub { ((api($s, 'GET', "/deliveries/" . segment($order->{delivery})))[1]{result} // '') eq 'refused' });
	my ($i) = grep { $_->{delivery} eq $order->{delivery} } @{(api($s, 'GET', '/invoices'))[1]{invoices}};
	is($i ? $i->{due}{net} : 0, 0, 'and nothing is due');
	return;
}

# A forked log: what is shown is proved under the log's own key by a head that does not link with the one that is held. Who is right cannot be told
# from two heads, so the message stands; but it is seen, and an invoice that names other entries than those shown is not accepted by itself.
sub forks {
	my $unlinked = sub { my ($p) = grep { $_->{did} eq $s->{did} } @{(api($b, 'GET', '/parties'))[1]{parties}}; $p->{unlinkedHeads} // 0 };
	my $known = $unlinked->();
	$b->cli('invoice', 'policy', 'automatic');
	is(($s->cli('publish', "$s->{dir}/hail.csv", '--name', 'sleet', '--net', 700, '--rate', 600))[0], 0, 'one product more');
	my (undef, $order) = api($b, 'POST', '/orders', {party => $s->{did}, product => 'sleet', deliver => JSON::PP::true});
	my $caught = catch($b, qr{/agreement$});
	ok($caught, 'an agreement is caught') or return;
	my $lied = $json->decode($caught->{body});
	proves($s, $lied, sub { $_[0]{at} =~ s/\d(?=Z)/0/ });
	delete $lied->{shugu}{link};
	is(post($b, $caught->{target}, $lied, session($s, $b))->{status}, 200, 'row 2, a forked head: the message stands');
	$told{2}++;
	cmp_ok($unlinked->(), '>', $known, 'and the fork is seen');
	forward($caught);
	my $mine = sub { my ($i) = grep { $_->{delivery} eq $order->{delivery} } @{(api($_[0], 'GET', '/invoices'))[1]{invoices}}; $i // {state => 'none'} };
	relay(sub { $mine->($b)->{state} ne 'none' && $mine->($b)->{state} ne 'issued' });
	is($mine->($b)->{state}, 'disputed', 'an invoice that names entries of the other branch is disputed');
	like($mine->($b)->{fault} // $mine->($b)->{reason} // '', qr/\S/, 'with the reason');
	relay(sub { $mine->($s)->{state} eq 'disputed' });
	is($mine->($s)->{state}, 'disputed', 'which the seller hears');
	return;
}

# A partner whose mailbox holds what it may not ask. The honest node is one that nobody can call.
sub by_mailbox {
	my $o = Node->new(name => 'Outbound', outbound => 1);
	$o->start;
	chomp(my $line = ($s->cli('invite'))[1]);
	is(($o->cli('join', $line))[0], 0, 'a node that cannot be called joins');
	my ($serve, %rows, @said) = (0);
	my $poll = sub {
		my ($so) = @_;
		for (1 .. 200) {
			return 1 if $so->();
			my $caught = catch($s, qr{/mailbox(?:/answers)?$}, seconds => 1) or next;
			if ($caught->{method} eq 'POST') { push @said, @{$json->decode($caught->{body})->{answers}}; forward($caught) }
			elsif ($serve) { give($caught, 200, $json->encode({rows => [values %rows]})); %rows = (); sleep 0.1 }
			else { my $answer = $s->ask('GET', $caught->{target}, undef, Authorization => "Bearer $caught->{token}"); give($caught, $answer->{status} || 204, $answer->{body}) }
		}
		return $so->();
	};
	my $waiting;
	ok($poll->(sub { ($waiting) = @{$json->decode(($s->cli('inbox', '--json'))[1])->{waiting}}; $waiting }), 'its letter came');
	$s->cli('approve', $waiting->{id});
	ok($poll->(sub { ($o->cli('party', 'list', $s->{did}, '--json'))[1] =~ /"approved"/ }), 'it is approved');
	$o->{did} = decode_json(Node::slurp("$o->{data}/node.json"))->{did};
	$serve = 1;
	$before = standing($o);
	my $query = '{"@context":["https://w3id.org/dspace/2025/1/context.jsonld"],"@type":"CatalogRequestMessage"}';
	my %good = (method => 'POST', path => '/dsp/2025-1/catalog/request', body => $query);
	for my $lie (['an address of the operator', {path => '/api/v1/evidence'}, 4], ['by a way around', {path => '/dsp/../api/v1/evidence'}, 4], ['without a token', {authorization => ''}, 403],
		['with the token of a third', {authorization => token($c, $o)}, 403], ['with a token for another', {authorization => token($s, $b)}, 401], ['with the secret of nobody', {authorization => 'x' x 43}, 401],
		['an end without proof', {path => '/peer/v1/withdrawn', body => '{"reason":"x"}'}, 400], ['a body that is none', {body => '{'}, 400]) {
		%rows = (1 => {%good, row => 'lie', authorization => token($s, $o), %{$lie->[1]}});
		@said = ();
		$poll->(sub { @said = grep { $_->{row} eq 'lie' } @said });
		$told{mailbox}++;
		like($said[0]{status} // 'not answered', qr/^$lie->[2]/, "mailbox, $lie->[0]: refused") or diag $json->encode(\@said);
		same($o);
	}
	%rows = (1 => {%good, row => 'true', authorization => token($s, $o)});
	$poll->(sub { @said = grep { $_->{row} eq 'true' } @said });
	is($said[0]{status}, 200, 'an honest message is done');
	my $answer = $s->ask('GET', '/peer/v1/mailbox', undef, Authorization => 'Bearer ' . session($b, $s));
	$before = standing($s);
	met('mailbox', 'asked by who can be called', $answer, $s, 400, 'bad-state');
	is(($o->stop)[0], 0, 'it ends well');
	unlike(Node::slurp("$o->{dir}/log"), qr/fault|Sanitizer|runtime error/, 'and had no fault');
	return;
}

# A parcel that is signed by who may not, or brings what it may not.
sub by_parcel {
	my ($g) = map { beside($json->decode($_->{body}))->{document} } grep { $_->{row} =~ /^2/ } @old;
	my $parcels = 0;
	my $write = sub {
		my ($signer, $change) = @_;
		my $head = {v => 1, kind => 'parcel', id => 'urn:uuid:01980000-0000-7000-8000-' . sprintf('%012x', ++$parcels), from => $b->{did}, to => $s->{did}, kid => "$b->{did}#key-1",
			key => $g->{consumer}{key}, at => POSIX::strftime('%Y-%m-%dT%H:%M:%S.000Z', gmtime), rows => [], answers => [], objects => []};
		my $more = $change->($head) // '';
		my $text = $json->encode($head);
		open(my $f, '>:raw', "$s->{dir}/parcel") or die;
		print $f 'shugu-parcel/1 ' . length($text) . "\n$text" . resign($signer, $head) . "\n", ref $more ? '' : $more;
		close $f;
		return $s->cli('parcel', 'in', "$s->{dir}/parcel");
	};
	$before = standing($s);
	my $row = sub { my ($path, $body) = @_; return sub { $_[0]{rows} = [{row => 'x', method => 'POST', path => $path, body => $body}]; '' } };
	my ($code, $out, $err) = $write->($b, sub { '' });
	is($code, 0, 'an honest parcel is taken') or diag "$out$err";
	for my $lie (['signed by a third', {%$c, did => $b->{did}}, sub { '' }, 1, 'does not verify'], ['by another key', {%$c, did => $b->{did}}, sub { $_[0]{key} = $g->{provider}{key}; '' }, 1, 'does not verify'], ['of a third in the name of the buyer', $c, sub { '' }, 1, "signature's header"],
		['for somebody else', $b, sub { $_[0]{to} = $c->{did}; '' }, 1, 'not for this node'], ['with more', $b, sub { $_[0]{more} = 1; '' }, 1, "'more' is not a member"], ['with bytes behind it', $b, sub { 'x' }, 1, 'more bytes or fewer'],
		['with an object that nobody waits for', $b, sub { $_[0]{objects} = [{delivery => $other, root => $hex, size => 1}]; pack('H*', $hex) . 'x' }, 0, '1 objects'], ['cut off', $b, sub { $_[0]{objects} = [{delivery => $other, root => $hex, size => 9}]; pack('H*', $hex) . 'x' }, 1, 'more bytes or fewer'],
		['with an address of the operator', $b, $row->('/api/v1/evidence', '{"digest":"sha256:' . $hex . '"}'), 1, 'is a POST to a partner'], ['with a way around', $b, $row->('/dsp/../api/v1/evidence', '{"digest":"sha256:' . $hex . '"}'), 0, '1 messages'],
		['with a message of a third', $b, sub { my ($m) = grep { $_->{row} =~ /^8/ } @old; $row->($m->{target}, $m->{body} =~ s/("index":)\d+/${1}1/r)->(@_) }, 0, '1 messages']) {
		($code, $out, $err) = $write->(@$lie[1, 2]);
		$told{parcel}++;
		is($code, $lie->[3], "parcel $lie->[0]: " . ($lie->[3] ? 'refused' : 'passed over'));
		like("$out$err", qr/\Q$lie->[4]\E/, 'and why');
		same($s);
	}
	return;
}

begin();
my $first = circulate('rain', sub {
	my ($row, $caught) = @_;
	my $answer = forward($caught);
	push @old, {%$caught, row => $row->[0], answer => $answer};
	like($answer->{status}, qr/^20[012]$/, "$row->[0] is taken");
});
recorded(1);

# A message out of its order: one that comes later in the circulation, of the last one, in the name of this one.
sub early {
	my ($n, $caught) = @_;
	my $message = $json->decode($caught->{body});
	for my $past (@old) {
		next unless $past->{to} == $caught->{to} && ($past->{row} =~ /^(\d+)/)[0] > $n && $past->{target} =~ m{/dsp/} && $past->{target} !~ /request$/;
		next unless $message->{providerPid} && $message->{consumerPid};
		my $later = $json->decode($past->{body});
		$later->{$_} = $message->{$_} for qw(providerPid consumerPid);
		my $old = $json->decode($past->{body});
		my $target = $past->{target} =~ s/\Q$old->{$_}\E/$message->{$_}/r for qw(providerPid);
		$target = $past->{target};
		$target =~ s/\Q$old->{$_}\E/$message->{$_}/ for qw(providerPid consumerPid);
		my $answer = post($caught->{to}, $target, $later, session(sender($caught), $caught->{to}));
		$told{$n}++;
		like("$answer->{status} " . slug($answer), qr/^(?:400 (?:bad-\w+|evidence-missing)|404 not-found|409 conflict)$/, "row $n, $past->{row} comes early: " . slug($answer));
		same($caught->{to});
	}
	return;
}

# Row 8a: the answer that says that the seller has the receipt.
sub forged_end {
	my ($caught, $message) = @_;
	my $true = $json->decode(post($s, $caught->{target}, $message, session($b, $s))->{body});
	my $at_s = $before;
	for my $lie (['that proves nothing', sub { delete $_[0]{shugu}{E} }], ['of another act', sub { proves($s, $_[0], sub { $_[0]{type} = 'delivery.start' }) }],
		['about another receipt', sub { proves($s, $_[0], sub { $_[0]{body}{document} = $hex }) }], ['of a third', sub { $_[0]{shugu}{E} = prove($c, $_[0]{shugu}{E}{act}) }]) {
		my $forged = copy($true);
		$lie->[1]->($forged);
		$before = standing($b);
		give($caught, 200, $json->encode($forged));
		$caught = catch($s, qr{/completion$|/receipt$}, seconds => 20, hold => 1);
		ok($caught, "row 8a, an answer $lie->[0]: is not believed, the receipt is sent again") or return;
		$told{'8a'}++;
		same($b);
	}
	return $caught;
}

circulate('snow', sub {
	my ($row, $caught) = @_;
	my ($n) = $row->[0] =~ /^(\d+)/;
	my ($from, $to) = (sender($caught), $caught->{to});
	my $message = $json->decode($caught->{body});
	$before = standing($to);
	for my $lie (@{$lies{$n}}) {
		my ($what, $change, $status, $slug) = @$lie;
		my $lied = copy($message);
		$change->($lied, $from, $to);
		isnt($json->encode($lied), $json->encode($message), "$what is a lie");
		met($n, $what, post($to, $caught->{target}, $lied, session($from, $to)), $to, $status, $slug);
	}
	met($n, 'told by a third party', post($to, $caught->{target}, $message, session($c, $to)), $to, $n == 1 ? (400, 'forbidden-address') : $n == 9 ? (400, 'bad-signature') : (404, 'not-found'));
	early($n, $caught);
	$caught = forged_end($caught, $message) if $n == 8;
	like(forward($caught)->{status}, qr/^20[012]$/, "row $n itself is taken");
});
recorded(2);
by_link();
later($first);
bytes();
forks();
by_mailbox();
by_parcel();
finish();

# Every row of the protocol was lied about.
my @rows = Node::slurp("$FindBin::Bin/../../docs/PROTOCOL.md") =~ /^\| (\w+) \| (?!from)/mg;
cmp_ok(scalar @rows, '>=', 15, 'the protocol has its rows');
# M is the mailbox, K the parcel; what comes by M7 is lied about in e2e/outbound.t (a chunk that is not what was signed, another's token).
@told{qw(M K)} = @told{qw(mailbox parcel)};
@rows = grep { $_ ne 'M7' } @rows;
diag(sprintf '%-8s %d lies', $_, $told{$_} // 0) for @rows;
ok($told{$_}, "row $_ has a lie") for @rows;
done_testing();
