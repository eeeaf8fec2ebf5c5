/* The version of the program, as meson.build has it; reports name it. Made from version.c.in. */
#pragma once

extern const char shugu_version[];
