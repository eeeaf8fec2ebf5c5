# C text seen with or without its comments and literals, for tools/lint and tools/size.
# Line numbers stay: what is taken out leaves its newlines, and blanks of the same width.
package Source;
use strict;
use warnings;
use Exporter 'import';
our @EXPORT_OK = qw(slurp without_comments without_literals literals hits);

sub slurp {
	my ($path) = @_;
	open(my $file, '<:raw', $path) or return '';
	local $/;
	my $text = <$file>;
	return defined $text ? $text : '';
}

sub blank { my ($text) = @_; $text =~ s/[^\n]/ /g; return $text; }

my $literal = qr/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/s;

sub without_comments {
	my ($text) = @_;
	$text =~ s{($literal)|(/\*.*?\*/|//(?:[^\n\\]|\\.)*)}{defined $1 ? $1 : blank($2)}gse;
	return $text;
}

# Takes text without comments; leaves the quotes, and the names of included files.
sub without_literals {
	my ($text) = @_;
	$text =~ s{(^[ \t]*#[ \t]*include[^\n]*)|($literal)}{
		defined $1 ? $1 : substr($2, 0, 1) . blank(substr($2, 1, -1)) . substr($2, -1)}gme;
	return $text;
}

# Takes text without comments; gives [line, literal] for each string, adjoining ones as one.
sub literals {
	my ($text) = @_;
	my @found;
	while ($text =~ /("(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*)/gs) {
		push @found, [1 + (substr($text, 0, $-[0]) =~ tr/\n//), $1];
	}
	return @found;
}

# Gives [line, matched text] for each match.
sub hits {
	my ($text, $pattern) = @_;
	my @found;
	while ($text =~ /$pattern/g) {
		push @found, [1 + (substr($text, 0, $-[0]) =~ tr/\n//), substr($text, $-[0], $+[0] - $-[0])];
	}
	return @found;
}

1;
