#!/usr/bin/perl
# A circulation whose answers are lost, each once, and one whose answers come after the next message: what repeats is answered
# alike and is one act. What rides beside a proof is none.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Between;
use Circulation;
use JSON::PP;
use Node;
use Test::More;

begin();
# A head of a node's log as it never was, signed by it.
sub head {
	my ($n, $size) = @_;
	return prove($n, {none => 1}, $size)->{head};
}
sub api_text { return $json->encode((api($_[0], 'GET', $_[1]))[1]) }

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
}, hold => 1);
recorded(1);

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
});
$finish->();
recorded(2);
my $flagged = api_text($b, '/parties/' . segment($s->{did}));
like($flagged, qr/unlinked/i, 'the buyer sees that a head did not link');
finish();
done_testing();
