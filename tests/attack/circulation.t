#!/usr/bin/perl
# The whole circulation, rows 1 to 10 of the protocol, with the test between the two nodes: each message is held back,
# changed in every member, sent by others, taken from another circulation, repeated and lost. What does not fit is refused
# with a reason and changes nothing; the true message is taken afterwards, and the circulation comes to its end.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Between;
use Circulation;
use JSON::PP;
use Node;
use Test::More;
use Time::HiRes qw(sleep time);

begin();
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
	for my $change (changes($document), ['more', sub { $_[0]{more} = 1 }],
		$document->{provider} ? ['more assurance', sub { $_[0]{provider}{assurance} = 'authority' }] : ()) {
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

recorded(2);
finish();
done_testing();
