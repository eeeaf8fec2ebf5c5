#!/usr/bin/perl
# The whole circulation, rows 1 to 10 of the protocol, with the test between the two nodes: each message is held back,
# changed in every member, sent by others, taken from another circulation, repeated and lost. What does not fit is refused
# with a reason and changes nothing; the true message is taken afterwards, and the circulation comes to its end.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Between;
use JSON::PP;
use Node;
use Test::More;
use Time::HiRes qw(sleep time);

my ($s, $b, $c, $d) = map { between($_) } qw(Seller Buyer Third Withdrawn);
befriend($s, $_) for $b, $c, $d;
befriend($b, $c);
$s->cli('party', 'withdraw', $d->{did}, '--reason', 'gone');
relay(sub { ($d->cli('party', 'list', $s->{did}, '--json'))[1] =~ /"withdrawn"/ });
$b->cli('invoice', 'policy', 'person');
open(my $f, '>', "$s->{dir}/rain.csv") or die;
print $f "station,rain\n1,2\n";
close $f;
for my $product (['rain', 120000], ['snow', 5000]) {
	my ($code, undef, $err) = $s->cli('publish', "$s->{dir}/rain.csv", '--name', $product->[0], '--net', $product->[1], '--rate', 600);
	is($code, 0, "$product->[0] is published") or diag $err;
}

# The messages of a circulation in their order: what it is, who receives it, its address, whose document it brings.
my @rows = (
	['1 request', $s, qr{/negotiations/request$}],
	['2 agreement', $b, qr{/agreement$}, 'agreement.offer'],
	['3 verification', $s, qr{/agreement/verification$}],
	['4 finalized', $b, qr{/events$}],
	['5 transfer request', $s, qr{/transfers/request$}, 'delivery.ask'],
	['6 transfer start', $b, qr{/transfers/[^/]+/start$}, 'delivery.start'],
	['8 completion', $s, qr{/transfers/[^/]+/completion$}, 'delivery.receive'],
	['9 invoice', $b, qr{/peer/v1/invoices$}],
	['10 acceptance', $s, qr{/invoices/[^/]+/acceptance$}],
);
my $row_now = '';
sub sender { return $_[0]{to} == $s ? $b : $s }

# Catches one message after the other of a new circulation and hands each to ->(row, message).
sub circulate {
	my ($product, $each, %o) = @_;
	my ($status, $order) = api($b, 'POST', '/orders', {party => $s->{did}, product => $product, deliver => JSON::PP::true, %{$o{order} || {}}});
	is($status, 202, "$product is ordered");
	for my $row (@rows) {
		$row_now = $row->[0];
		if ($row_now =~ /^10/) {
			my $waiting;
			relay(sub { ($waiting) = @{$json->decode(($b->cli('inbox', '--json'))[1])->{waiting}} });
			is(($b->cli('approve', $waiting->{id} // 'none'))[0], 0, 'a person accepts the invoice');
		}
		my $caught = catch($row->[1], $row->[2], hold => $o{hold});
		ok($caught, "$row->[0] is caught") or return {};
		$each->($row, $caught);
	}
	return $order;
}

sub reason {
	my ($answer) = @_;
	my $said = eval { decode_json($answer->{body}) } // {};
	my $reason = ref $said->{reason} eq 'ARRAY' ? $said->{reason}[0] : undef;
	$reason = $reason->{'@value'} if ref $reason eq 'HASH';
	return $reason // $said->{detail} // '';
}
# A term that refuses a known party is logged, once for each subject.
my (%by_term, $terms);
sub refused {
	my ($answer, $what) = @_;
	$terms += !$by_term{$row_now}++ if $answer->{body} =~ /"code":"term-refuses"/;
	return ok($answer->{status} =~ /^4\d\d$|^501$/ && length reason($answer), "$what: refused")
		|| diag("$answer->{status} $answer->{body}");
}

# The log and all that stands in the state, beside refusals by a term.
sub unchanged {
	my ($to, $before, $name) = @_;
	my $logged = $terms // 0;
	$terms = 0;
	return is(standing($to), $before =~ s/^(\d+)/$1 + $logged/er, "$name: all of that changed nothing");
}

# What may be otherwise and is no attack: the words that are not read, and the sender's other statements (they have tests of
# their own below).
my $open = qr{^(?:\@context.*|callbackAddress|dataAddress\.endpoint(?:Type|Properties\.1.*)?|shugu\.(?:link|seen|E|document).*|link.*|seen.*|E\..*|document\..*|reason|dataAddress\.(?:\@type|endpointProperties\.\d+\.\@type)|offer\.\@type|agreement\.\@type)$};

sub beside { return exists $_[0]{shugu} ? $_[0]{shugu} : $_[0] }

# All that is tried with a message while it is held back.
sub attack {
	my ($row, $caught, $old) = @_;
	my ($name, $to) = ($row->[0], $caught->{to});
	my $message = $json->decode($caught->{body});
	my $from = sender($caught);
	my $ours = session($from, $to);
	my $before = standing($to);
	my $try = sub {
		my ($what, $change) = @_;
		my $other = copy($message);
		$change->($other);
		return fail("$what: is another message") if $json->encode($other) eq $json->encode($message);
		refused(post($to, $caught->{target}, $other, $ours), "$name, $what");
	};
	$try->(@$_) for changes($message, $open);
	for my $part (qw(E document)) {
		my $whole = beside($message)->{$part} // next;
		for my $change (changes($whole)) {
			$try->("$part $change->[0]", sub { $change->[1]->(beside($_[0])->{$part}) });
		}
		$try->("$part with more", sub { beside($_[0])->{$part}{more} = 1 });
	}
	$try->('act with more', sub { beside($_[0])->{E}{act}{more} = 1 });
	if (my $document = beside($message)->{document}) {
		$try->("signed by $_->[0]", sub { my $in = $_[0]; beside($in)->{signature} = resign($_->[1], $document) })
			for ['the receiver', $to], ['a third party', $c];
		$try->('signed as another kind', sub { beside($_[0])->{signature} = resign($from, $document, 'status') });
		$try->('signed by a third in the name of the sender', sub { beside($_[0])->{signature} = resign({%$c, did => $from->{did}}, $document) });
	}
	for my $address ('http://localhost:9/', 'https://c.example/dsp/2025-1/callback', "$from->{url}.c.example/", "$from->{url}1/", "$from->{url}\@c.example/",
		'http://169.254.169.254/', 'http://127.0.0.1:' . $from->{port}, "$from->{url}\\\@c.example/", uc($from->{url}), "$c->{url}/dsp", '', 'file:///etc/passwd', '/dsp') {
		$try->("callback at '$address'", sub { $_[0]{callbackAddress} = $address }) if $message->{callbackAddress};
		$try->("data at '$address'", sub { $_[0]{dataAddress}{endpoint} = $address }) if $message->{dataAddress};
	}
	# Provider and consumer swapped, then the senders who may not.
	$try->('pids swapped', sub { @{$_[0]}{qw(providerPid consumerPid)} = @{$_[0]}{qw(consumerPid providerPid)} }) if $message->{providerPid};
	my $target = $caught->{target} =~ s{/callback(?=/)}{}r;
	$target =~ s{^/dsp/2025-1}{/dsp/2025-1/callback} if $target eq $caught->{target};
	refused(post($to, $target, $message, $ours), "$name, to the other role") if $target ne $caught->{target};
	refused(post($from, $caught->{target}, $message, session($to, $from)), "$name, back to its sender");
	refused(post($to, $caught->{target}, $message, $_->[1]), "$name, $_->[0]")
		for ['by a third party', session($c, $to)], ['without a token', undef], ['with the token of nobody', 'x' x 43],
		['with the token for another', token($from, $c)], ['with its own token', token($to, $to)],
		['with its own operator', $to->{token}], ['in a name by another key', token({%$c, did => $from->{did}}, $to)];
	refused(post($s, $caught->{target}, $message, token($d, $s)), "$name, by a withdrawn party") if $to == $s;
	# Bodies that are none.
	refused(post($to, $caught->{target}, @$_[1], $ours), "$name, $_->[0]")
		for ['nothing', ''], ['half', substr($caught->{body}, 0, -9)], ['an array', "[$caught->{body}]"], ['two', $caught->{body} x 2],
		['another type', '{"@type":"X"}'], ['too large', $caught->{body} . ' ' x (1 << 20)], ['too deep', '{"shugu":' . '[' x 40 . ']' x 40 . '}'];
	is($to->ask('POST', $caught->{target}, $caught->{body}, Authorization => "Bearer $ours", 'Content-Type' => 'text/plain')->{status}, 415,
		"$name, as text: refused");
	# Another circulation's messages: as they were they change nothing, in this one's name they are refused.
	for my $past (@$old) {
		next if $past->{to} != $to;
		post($to, $past->{target}, $past->{body}, $ours);
		my ($text, $where) = ($past->{body}, $past->{target});
		my $said = $json->decode($text);
		my $in = $past->{name} eq $name ? $caught->{target} : $where;
		if ($past->{name} eq $name && $caught->{target} =~ m{^/dsp/}) {
			$said->{$_} = $message->{$_} for grep { defined $message->{$_} } qw(providerPid consumerPid agreementId);
		} elsif ($message->{providerPid} && $said->{providerPid}) {
			$in =~ s/\Q$said->{$_}\E/$message->{$_}/ for qw(providerPid consumerPid);
			$said->{$_} = $message->{$_} for qw(providerPid consumerPid);
		} else {
			next;
		}
		refused(post($to, $in, $said, $ours), "$name, $past->{name} of another circulation in its place");
	}
	unchanged($to, $before, $name);
	return;
}

# A sender that is itself dishonest: it signs another document and proves that its log holds it.
sub dishonest {
	my ($row, $caught) = @_;
	my $message = $json->decode($caught->{body});
	my ($type, $from, $to) = ($row->[3], sender($caught), $caught->{to});
	my $document = $message->{shugu}{document};
	my $side = $from == $s ? 'provider' : 'consumer';
	my $before = standing($to);
	for my $change (changes($document), ['more', sub { $_[0]{more} = 1 }]) {
		next if $change->[0] =~ /^(?:openUntil changed|consumer\.assurance changed|provider\.name away)$/;
		my $other = copy($message);
		my $in = $other->{shugu};
		$change->[1]->($in->{document});
		next if $row->[0] =~ /^[568]/ && $change->[0] eq 'id changed';
		$in->{signature} = resign($from, $in->{document}, $document->{kind});
		$in->{E}{act}{body}{document} = digest($in->{document});
		$in->{E}{act}{body}{signatures} = {$side => Digest::SHA::sha256_hex($in->{signature})};
		$in->{E} = prove($from, $in->{E}{act});
		refused(post($to, $caught->{target}, $other, session($from, $to)), "$row->[0], signed and proved with $change->[0]");
	}
	unchanged($to, $before, $row->[0]);
	return;
}

# A head of a node's log as it never was, signed by it.
sub head {
	my ($n, $size) = @_;
	return prove($n, {none => 1}, $size)->{head};
}
sub api_text { return $json->encode((api($_[0], 'GET', $_[1]))[1]) }

# First a circulation as it should be, recorded.
my @old;
circulate('rain', sub {
	my ($row, $caught) = @_;
	push @old, {%$caught, name => $row->[0]};
	like(forward($caught)->{status}, qr/^20[012]$/, "$row->[0] is taken");
});

# Then one under attack.
circulate('snow', sub {
	my ($row, $caught) = @_;
	attack($row, $caught, \@old);
	dishonest($row, $caught) if $row->[3];
	my $answer = forward($caught);
	like($answer->{status}, qr/^20[012]$/, "$row->[0] itself is taken") or diag $answer->{body};
});

sub recorded {
	my ($count) = @_;
	for my $n ($s, $b) {
		ok(relay(sub { my (undef, $i) = api($n, 'GET', '/invoices'); $count == grep { $_->{recorded} } @{$i->{invoices} || []} }), 'an invoice is recorded');
	}
}
recorded(2);

# Each answer is lost once: the same message comes again, is answered alike, and is one act.
circulate('rain', sub {
	my ($row, $caught) = @_;
	my $to = $caught->{to};
	my $answer = post($to, $caught->{target}, $caught->{body}, session(sender($caught), $to));
	like($answer->{status}, qr/^20[012]$/, "$row->[0] is taken");
	drop($caught);
	my $size = $to->size;
	my $again = catch($to, qr/\Q$caught->{target}\E/, hold => 1);
	ok($again, 'its answer is lost, and it comes again') or return;
	my ($first, $second) = map { my $m = $json->decode($_->{body}); my $in = beside($m); delete @$in{qw(link seen)}; $json->encode($m) } $caught, $again;
	is($second, $first, 'byte for byte');
	is(forward($again)->{status}, $answer->{status}, 'and is answered alike');
}, hold => 1, order => {anew => JSON::PP::true});
recorded(3);

# Answers are overtaken: each is given only when the next message is there. What rides beside a proof is no proof: a head
# that does not link is flagged, one of our own log that it never had is refused.
my ($late, $late_body);
my $finish = sub { give($late, 200 + $late->{created}, $late_body) if $late; undef $late };
circulate('snow', sub {
	my ($row, $caught) = @_;
	my $to = $caught->{to};
	my $message = $json->decode($caught->{body});
	my $in = beside($message);
	$in->{link} = {old => 1, path => ['0' x 64]} if $row->[0] =~ /^4/;
	if ($row->[0] =~ /^[38]/) {
		my $other = copy($message);
		beside($other)->{seen} = head($to, 100000);
		my $answer = post($to, $caught->{target}, $other, session(sender($caught), $to));
		is($answer->{status}, 422, "$row->[0], which says that our log was longer: refused") or diag $answer->{body};
	}
	my $answer = post($to, $caught->{target}, $message, session(sender($caught), $to));
	like($answer->{status}, qr/^20[012]$/, "$row->[0] is taken before its sender hears of the one before");
	$finish->();
	$late = {%$caught, created => $answer->{status} - 200};
	$late_body = $answer->{body};
	$finish->() unless $row->[0] =~ /^[15]/;
}, order => {anew => JSON::PP::true});
$finish->();
recorded(4);
my $flagged = api_text($b, '/parties/' . segment($s->{did}));
like($flagged, qr/unlinked/i, 'the buyer sees that a head did not link');

$_->stop for $s, $b, $c, $d;
for my $n ($s, $b) {
	is(($n->cli('replay'))[0], 0, 'the log folds to the state that is stored');
	is(($n->cli('log', 'audit'))[0], 0, 'and hashes to its heads');
}
unlike(Node::slurp("$_->{dir}/log"), qr/fault|Sanitizer|runtime error/, 'a node had no fault') for $s, $b, $c, $d;
done_testing();
