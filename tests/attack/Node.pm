# A node in a temporary directory, served on a free port of the loopback, and requests to it byte by byte.
# What it starts it ends by pid, also when the test dies. Every wait has an end.
package Node;
use strict;
use warnings;
use Digest::SHA 'sha256';
use Exporter 'import';
use File::Temp 'tempdir';
use IO::Select;
use IO::Socket::INET;
use IO::Socket::UNIX;
use JSON::PP ();
use POSIX ();
use Time::HiRes qw(sleep time);

our @EXPORT_OK = qw(api await did segment);
our $shugu = $ENV{SHUGU} or die "SHUGU names the program\n";
our $uscc = '91110000802100433B';
my %served;

# A port that nobody listens on now.
sub free_port {
	my $s = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1') or die "no port: $!\n";
	return $s->sockport;
}

# A made directory; not served yet. {serve} are further words for `serve`. With reachable => 1 its address is where it is
# served, so that others can call it; with outbound => 1 nobody can; with tls => [words for serve] it is
# called by https, and requests of the test go by the unix socket.
sub new {
	my ($class, %o) = @_;
	my $dir = tempdir(CLEANUP => 1);
	my $n = bless {dir => $dir, data => "$dir/node"}, $class;
	$n->{listen} = $o{reachable} ? free_port() : 0;
	$n->{serve} = $o{tls} || [];
	$n->{scheme} = $o{tls} ? 'https' : 'http';
	my @where = $o{outbound} ? '--outbound-only' : ('--url', "$n->{scheme}://localhost:" . ($n->{listen} || 7080));
	my ($code, undef, $err) = $n->cli('init', '--name', $o{name} || '甲', '--uscc', $uscc, @where, '--allow-loopback', @{$o{init} || []});
	die "init: $code $err" if $code;
	open(my $f, '<', "$n->{data}/keys/operator.token") or die "operator.token: $!\n";
	chomp($n->{token} = <$f>);
	return $n;
}

# Runs the program for a minute at most: its exit code (128 + signal), what it said, what it complained of.
sub run {
	my ($dir, @words) = @_;
	my $pid = fork;
	die "fork: $!\n" unless defined $pid;
	if ($pid == 0) {
		alarm 60;
		open(STDIN, '<', '/dev/null') && open(STDOUT, '>', "$dir/out") && open(STDERR, '>', "$dir/err")
			&& exec {$shugu} $shugu, @words;
		POSIX::_exit(127);
	}
	waitpid($pid, 0);
	my $code = $? & 127 ? 128 + ($? & 127) : $? >> 8;
	return ($code, slurp("$dir/out"), slurp("$dir/err"));
}

sub cli {
	my ($n, $command, @words) = @_;
	return run($n->{dir}, $command, '--data', $n->{data}, @words);
}

sub slurp {
	my ($path) = @_;
	open(my $f, '<', $path) or return '';
	local $/;
	return scalar(<$f>) // '';
}

# Serves; seconds until /healthz answered.
sub start {
	my ($n) = @_;
	my $begun = time;
	unlink "$n->{dir}/served";
	my $pid = fork;
	die "fork: $!\n" unless defined $pid;
	if ($pid == 0) {
		open(STDIN, '<', '/dev/null') && open(STDOUT, '>', "$n->{dir}/served")
			&& open(STDERR, '>>', "$n->{dir}/log")
			&& exec {$shugu} $shugu, 'serve', '--data', $n->{data}, '--listen', "127.0.0.1:$n->{listen}", @{$n->{serve} || []};
		POSIX::_exit(127);
	}
	$n->{pid} = $pid;
	$served{$pid} = $n;
	for (1 .. 2000) {
		last if slurp("$n->{dir}/served") =~ / port (\d+)\n/ && ($n->{port} = $1);
		die 'not served: ' . slurp("$n->{dir}/log") if waitpid($pid, POSIX::WNOHANG()) == $pid;
		sleep 0.005;
	}
	my $health = $n->ask('GET', '/healthz');
	die "not ready\n" unless $health->{status} == 200;
	return time - $begun;
}

# Ends it: its exit code (128 + signal) and how many seconds that took.
sub stop {
	my ($n, $signal) = @_;
	my $begun = time;
	kill $signal || 'TERM', $n->{pid};
	for (1 .. 2000) {
		if (waitpid($n->{pid}, POSIX::WNOHANG()) == $n->{pid}) {
			my $code = $? & 127 ? 128 + ($? & 127) : $? >> 8;
			delete $served{delete $n->{pid}};
			return ($code, time - $begun);
		}
		sleep 0.005;
	}
	kill 'KILL', $n->{pid};
	waitpid($n->{pid}, 0);
	delete $served{delete $n->{pid}};
	return (-1, time - $begun);
}

sub lives {
	my ($n) = @_;
	return $n->{pid} && waitpid($n->{pid}, POSIX::WNOHANG()) == 0;
}

END {
	my $status = $?;
	for my $pid (keys %served) {
		kill 'KILL', $pid;
		waitpid($pid, 0);
	}
	$? = $status;
}

sub connect {
	my ($n) = @_;
	return IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $n->{port}, Timeout => 5);
}

sub connect_unix {
	my ($n) = @_;
	return IO::Socket::UNIX->new(Peer => "$n->{data}/control.sock");
}

# Writes all of it and reads at the same time, until the other side closes, done->(what came) is true, or $patience seconds
# have passed. (what came, whether the other side closed)
sub talk {
	my ($s, $bytes, $patience, $done) = @_;
	my $end = time + ($patience || 5);
	my $came = '';
	$s->blocking(0);
	local $SIG{PIPE} = 'IGNORE';
	while (time < $end) {
		my ($r, $w) = ('', '');
		vec($r, fileno $s, 1) = 1;
		vec($w, fileno $s, 1) = 1 if length $bytes;
		select($r, $w, undef, 0.05);
		if (length $bytes && vec($w, fileno $s, 1)) {
			my $put = syswrite($s, $bytes, 65536);
			substr($bytes, 0, $put, '') if $put;
			$bytes = '' if !defined $put && !$!{EAGAIN};
		}
		next unless vec($r, fileno $s, 1);
		my $got = sysread($s, $came, 65536, length $came);
		return ($came, 1) if defined $got ? $got == 0 : !$!{EAGAIN};
		return ($came, 0) if $done && $done->($came);
	}
	return ($came, 0);
}

# The answers in some bytes; the last may be cut. Each {status, head, body}. $heads: to HEAD requests.
sub answers {
	my ($bytes, $heads) = @_;
	my @all;
	while ($bytes =~ s{^(HTTP/1\.1 (\d{3})[^\r\n]*\r\n.*?\r\n)\r\n}{}s) {
		my ($head, $status) = ($1, $2);
		my ($length) = $head =~ /^content-length: (\d+)\r$/mi;
		$length = 0 if $heads || !defined $length;
		last if length $bytes < $length;
		push @all, {status => $status, head => $head, body => substr($bytes, 0, $length, '')};
	}
	return @all;
}

sub head_of {
	my ($method, $target, $body, %fields) = @_;
	my $text = "$method $target HTTP/1.1\r\nHost: localhost\r\n";
	$fields{'Content-Length'} //= length $body if defined $body;
	$text .= "$_: $fields{$_}\r\n" for sort keys %fields;
	return "$text\r\n" . ($body // '');
}

# One request on a connection of its own; status 0 where no whole answer came.
sub ask {
	my ($n, $method, $target, $body, %fields) = @_;
	my $s = delete $fields{unix} || $n->{scheme} eq 'https' ? $n->connect_unix : $n->connect;
	return {status => 0, head => '', body => ''} unless $s;
	my $text = head_of($method, $target, $body, Connection => 'close', %fields);
	my ($came) = talk($s, $text, 10);
	my $answer = (answers($came, $method eq 'HEAD'))[0] || {status => 0, head => '', body => $came};
	record($method, $target, $body, $answer) if $ENV{SHUGU_RECORD};
	return $answer;
}

# One line of JSON for each call, for tests/conformance/openapi.js.
sub record {
	my ($method, $target, $body, $answer) = @_;
	my ($type) = $answer->{head} =~ /^content-type: ([^\r;]*)/mi;
	open(my $f, '>>', $ENV{SHUGU_RECORD}) or die "$ENV{SHUGU_RECORD}: $!\n";
	print $f JSON::PP->new->latin1->canonical->encode({method => $method, target => $target, body => $body, status => $answer->{status}, type => $type,
		answer => ($type // '') =~ /json/ ? $answer->{body} : undef}), "\n";
	close $f;
	return;
}

# The same, as the operator, with JSON.
sub operate {
	my ($n, $method, $target, $body, %fields) = @_;
	$fields{'Content-Type'} //= 'application/json' if defined $body;
	return $n->ask($method, $target, $body, Authorization => "Bearer $n->{token}", %fields);
}

# The name of a node made with reachable => 1.
sub did { return "did:web:localhost%3A$_[0]{listen}" }
# A text as one segment of a path.
sub segment { return $_[0] =~ s/([^A-Za-z0-9._~-])/sprintf '%%%02X', ord $1/ger }

# Asks until $so says yes to the answer, or so many seconds (20) have passed: the last answer.
sub await {
	my ($ask, $so, $seconds) = @_;
	my ($end, $got) = (time + ($seconds || 20), undef);
	do { $got = $ask->(); return $got if $so->($got); sleep 0.01 } while time < $end;
	return $got;
}

# The operator's request to /api/v1: status and what the JSON of the answer says.
sub api {
	my ($n, $method, $path, $body) = @_;
	my $a = $n->operate($method, "/api/v1$path", defined $body ? JSON::PP->new->utf8->canonical->encode($body) : undef);
	return ($a->{status}, eval { JSON::PP::decode_json($a->{body}) } // {});
}

sub size {
	my ($n) = @_;
	return $n->ask('GET', '/healthz')->{body} =~ /"size":(\d+)/ ? $1 : -1;
}

# RFC 6962.
sub leaf_hash { return sha256("\0" . $_[0]) }
sub root_of {
	my @hashes = @_;
	return sha256('') unless @hashes;
	while (@hashes > 1) {
		my @up;
		while (@hashes > 1) { push @up, sha256("\1" . shift(@hashes) . shift @hashes) }
		@hashes = (@up, @hashes);
	}
	return $hashes[0];
}

1;
