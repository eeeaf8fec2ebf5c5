/* What the libraries of the printer keep for the life of the process: fontconfig's and Pango's caches, which nobody frees.
 * Linked into the printer's tests, so that LeakSanitizer speaks of our own leaks alone. */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig\nleak:libpango\nleak:libcairo\nleak:libglib\nleak:"
	       "libgobject\nleak:libharfbuzz\n";
}
