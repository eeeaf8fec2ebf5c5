/* Every limit of the program, with its reason. A limit is tested at n, at n + 1 and as an attack.
 * Sizes are bytes, times milliseconds, unless the name says otherwise. */
#pragma once

/* Memory of one request. Bodies are at most 1 MiB; a JSON tree costs about 8 times its text. */
#define LIMIT_REQUEST_ARENA (24u << 20)
#define LIMIT_ARENA_CHUNK (16u << 10)

/* HTTP (RFC 9112): a head of 16 KiB holds any cookie, token and header a real client sends. */
#define LIMIT_HTTP_HEAD (16u << 10)
#define LIMIT_HTTP_HEADERS 64u
#define LIMIT_HTTP_BODY (1u << 20)
#define LIMIT_HTTP_HEAD_MS 10000
#define LIMIT_HTTP_IDLE_MS 60000
#define LIMIT_HTTP_WRITE_IDLE_MS 60000
#define LIMIT_HTTP_CONNECTIONS_PEER 256u
#define LIMIT_HTTP_CONNECTIONS 4096u
#define LIMIT_HTTP_PIPELINE 32u
/* A body of 1 MiB at 17 KB/s; all bodies in memory together; what may surround the data of a chunked body. */
#define LIMIT_HTTP_BODY_MS 60000
#define LIMIT_HTTP_BODIES (64u << 20)
#define LIMIT_HTTP_CHUNK_EXTRAS 4096u
/* After its last answer a connection is read so long, so that the client sees the answer and not a reset. */
#define LIMIT_HTTP_LINGER_MS 2000

/* Requests of ours to others. An idle connection goes before the other side (LIMIT_HTTP_IDLE_MS) closes it; an answer
 * of 4 MiB fits the arena of its request while it grows; handles kept for the next request cost some 25 KiB each. */
#define LIMIT_CLIENT_OPEN 4096u
#define LIMIT_CLIENT_CONNECTIONS 256u
#define LIMIT_CLIENT_CONNECTIONS_HOST 64u
#define LIMIT_CLIENT_IDLE_S 50
#define LIMIT_CLIENT_ANSWER (4u << 20)
#define LIMIT_CLIENT_KEPT 128u

/* JSON: deeper nesting than 32 occurs in no protocol message we speak. */
#define LIMIT_JSON_DEPTH 32u
#define LIMIT_JSON_VALUES 65536u

/* Acts: an entry bundle of tlog-tiles has a 16-bit length; larger content goes in by digest. */
#define LIMIT_ACT 65535u
#define LIMIT_DOCUMENT (512u << 10)
#define LIMIT_INVOICE_FILE (1u << 20)

/* Small answers that are given again (api/kept.h): a thousand products. */
#define LIMIT_KEPT (1u << 20)

/* The tick (DESIGN, Commit). */
#define LIMIT_TICK_COMMANDS 256u
#define LIMIT_TICK_STREAM (4u << 20)
/* Entries that one search of the log looks at: some 10 ms in which nobody else is answered. */
#define LIMIT_HISTORY_SCAN 20000u
#define LIMIT_REACTION_DEPTH 4u
#define LIMIT_DISK_RESERVE (64ull << 20)
#define LIMIT_WAL_PASSIVE_FRAMES 2000
#define LIMIT_WAL_RESTART_FRAMES 16000
/* Jobs lent to the disk thread: more than a second of fsyncs. */
#define LIMIT_DISK_QUEUE 256u
#define LIMIT_REFUSAL_ACTS_DAY 1000
#define LIMIT_REFUSAL_REPEAT_MS 3600000ll

/* A certificate that ends sooner is warned of: time to renew it twice. */
#define LIMIT_CERTIFICATE_DAYS 14

/* Time: tokens and foreign acts further off than this are refused (DESIGN, Identity). */
#define LIMIT_SKEW_MS 300000ll
#define LIMIT_SESSION_MS 300000ll
#define LIMIT_SESSIONS 4096u
#define LIMIT_INVITATION_MS 86400000ll
#define LIMIT_UNDELIVERED_MS (7ll * 86400000)

/* People: a small house. A link is opened at once; a working day; as many browsers as one person has. Tries to sign in
 * that failed, from one address and in all, in the window: then nobody new is let in from there until it is over. */
/* A scanned contract; how many files wait beside one step. */
#define LIMIT_ATTACHMENT (64u << 20)
#define LIMIT_ATTACHMENTS 16u
#define LIMIT_PEOPLE 1000
#define LIMIT_LINK_MS 900000ll
#define LIMIT_SIGNED_IN_MS (12ll * 3600000)
#define LIMIT_SIGNED_IN_IDLE_MS (2ll * 3600000)
#define LIMIT_SIGNED_IN 16u
#define LIMIT_TRIES 10u
#define LIMIT_TRIES_ALL 300u
#define LIMIT_TRIES_MS 60000ll

/* Commands that are remembered under their Idempotency-Key: a day, and so many (some 3 MB); its length in bytes. */
#define LIMIT_ONCE_MS 86400000ll
#define LIMIT_ONCE 20000
#define LIMIT_ONCE_KEY 255u

/* C2SP. A consistency proof has at most 63 hashes; 80 leaves room for none. */
#define LIMIT_PROOF_HASHES 63u
#define LIMIT_NOTE (64u << 10)
#define LIMIT_NOTE_SIGNATURES 64u
#define LIMIT_ORIGIN 255u
/* A note, 64 hashes of 45 bytes, and as much again for the extra line. */
#define LIMIT_TLOG_PROOF (128u << 10)

/* The catalogue of a party: pages that are fetched one after the other (of ours up to 200 datasets each). */
#define LIMIT_CATALOG_PAGES 100u

/* How long a provider is bound by the G it has signed: towards who can be called, and where messages are collected or
 * carried by hand; what a policy may say instead (agreement.policy openFor). */
#define LIMIT_AGREEMENT_OPEN_MS 3600000ll
#define LIMIT_AGREEMENT_OPEN_CARRIED_MS (14 * 86400000ll)
#define LIMIT_AGREEMENT_OPEN_MAX_S (90 * 86400ll)

/* Rows of a page of a list. */
#define LIMIT_PAGE 200u

/* Quotas on what a peer can make us keep. */
#define LIMIT_PARTIES 10000u
#define LIMIT_OPEN_NEGOTIATIONS_PARTY 1024u
#define LIMIT_OPEN_DELIVERIES_PARTY 1024u
#define LIMIT_OUTBOX_PARTY 65536u
/* Links that are open, takings by one, how long one may be good. */
#define LIMIT_SHARES 10000u
#define LIMIT_SHARE_COUNT 1000u
#define LIMIT_SHARE_MS (366ll * 86400000)
#define LIMIT_MESSAGE_MS 15000

/* Objects: 256 KiB chunks (DESIGN, Delivery). */
#define LIMIT_CHUNK (256u << 10)
#define LIMIT_OBJECT (1ull << 44)
/* What a plain connector sends, which says no size beforehand that it would be bound to. */
#define LIMIT_DRAW (16ull << 30)
#define LIMIT_STREAM_SLICE (2u << 20)
#define LIMIT_UNREFERENCED_MS 86400000ll
/* Uploads: that are not ready yet, and in all; what one request may bring, so that a broken one loses little. */
#define LIMIT_UPLOADS_OPEN 64u
#define LIMIT_UPLOADS 1024u
#define LIMIT_UPLOAD_REQUEST (8u << 20)

/* Profiles: what a table made for people or programs does not exceed; beyond it the profile says so and stops. */
#define LIMIT_CSV_FIELD (64u << 10)
#define LIMIT_PROFILE_COLUMNS 1024u
#define LIMIT_PROFILE_LINE (1u << 20)

/* Quality: what a person declares of a table; keys of ten million rows and again as many fit, at 16 bytes in a table that is a
 * quarter empty (512 MiB, half as much again while it grows); rows that are named of each fault. */
#define LIMIT_EXPECTATION (1u << 20)
#define LIMIT_EXPECTATION_KEYS 16u
#define LIMIT_EXPECTATION_RULES 256u
#define LIMIT_QUALITY_KEYS 25000000ull
#define LIMIT_QUALITY_ROWS 20u

/* Usage terms: purposes are looked through one by one at each decision; a century is longer than any licence. */
#define LIMIT_TERMS_PURPOSES 64u
#define LIMIT_TERMS_ELAPSED_MS (36525ll * 86400000)

/* Compliance rules: what a set made by people does not exceed; a predicate fits on a page and nests as deep as one reads. */
#define LIMIT_FACTS 512u
#define LIMIT_RULES 512u
#define LIMIT_RULE_FILE (1u << 20)
#define LIMIT_RULE_FILES 64u
#define LIMIT_PREDICATE 4096u
#define LIMIT_PREDICATE_DEPTH 32u
#define LIMIT_EVIDENCE_ITEMS 1024u
/* A file of evidence that is read within a request. */
#define LIMIT_EVIDENCE_READ (4u << 20)
#define LIMIT_CLAIMS_TEXT (1u << 20)

/* Text that people enter. */
#define LIMIT_NAME 200u
#define LIMIT_TEXT 4000u
#define LIMIT_URL 2000u
#define LIMIT_DID 255u
#define LIMIT_REASON 2000u
/* Fen: ten thousand million yuan; a sum of nine thousand of them stays within 2^53. */
#define LIMIT_PRICE 1000000000000ll
/* A partner that nobody can call: how long it waits at a mailbox, ten seconds less than a connection may idle; at how many
 * it waits, each for a connection of its own. */
#define LIMIT_MAILBOX_MS 50000
#define LIMIT_COLLECT 64u
/* Messages to peers on their way at once: as many as the client keeps connections. */
#define LIMIT_COURIER_FLIGHT 256u
/* Heads of a party's log that are held: more than its messages that overtake each other (LIMIT_COURIER_FLIGHT). Pairs of
 * heads that do not link: one is a proof, some show when it began. */
#define LIMIT_INTERLOCK_HEADS 512u
#define LIMIT_INTERLOCK_UNLINKED 64u
/* Corrections, and disputes, of one invoice: all of them stand in its file, which has at most 1 MiB. */
#define LIMIT_INVOICE_LATER 64u
/* Zip archives, of which spreadsheets are made: Excel's have a dozen entries and one a sheet; a sheet of equal numbers packs
 * 100 to 1, a bomb 1,000 to 1; below a MiB a bomb does no harm. */
#define LIMIT_ZIP_ENTRIES 4096u
#define LIMIT_ZIP_NAME 512u
#define LIMIT_ZIP_RATIO 250u
#define LIMIT_ZIP_RATIO_FREE (1u << 20)
/* XML in them: OOXML nests some 20 levels, its longest tag is a few KiB, a cell has at most 32,767 characters. */
#define LIMIT_XML_DEPTH 64u
#define LIMIT_XML_TOKEN (256u << 10)
#define LIMIT_XLSX_CELL (128u << 10)
/* Texts that cells share are held in memory: a million rows of a name each. */
#define LIMIT_XLSX_STRINGS (64u << 20)
#define LIMIT_XLSX_STRINGS_N (2u << 20)
#define LIMIT_XLSX_STRINGS_PART (256u << 20)
#define LIMIT_XLSX_SHEET (4ull << 30)
#define LIMIT_XLSX_MEMORY (192u << 20)
/* Footers of Parquet files: 1,000 columns in 1,000 row groups take some 100 MB, but such are rare; a schema nests few levels. */
#define LIMIT_PARQUET_FOOTER (16u << 20)
#define LIMIT_PARQUET_DEPTH 32u
#define LIMIT_PARQUET_ELEMENTS 65536u
/* Printing: a sheet of 10,000 rows fits, as does its PDF; a page is read in seconds, so a printer that takes longer is lost.
 * Each printer may take a core and LIMIT_PRINT_MEMORY. */
#define LIMIT_SHEET (8u << 20)
#define LIMIT_SHEET_BLOCKS 4096u
#define LIMIT_SHEET_COLUMNS 16u
#define LIMIT_PRINT_PDF (16u << 20)
#define LIMIT_PRINT_MS 10000
#define LIMIT_PRINT_MEMORY (1024ull << 20)
#define LIMIT_PRINTERS 4u
