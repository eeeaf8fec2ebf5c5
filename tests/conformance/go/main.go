// Command go-log reads a log as a stranger does, with golang.org/x/mod/sumdb/note and tlog alone:
//
//	go-log URL VKEY [FILE...]
//
// URL is the address of the log (http://host/log), VKEY its verifier key. A FILE is an E (JSON), or a
// signed head that was kept. The head must open under VKEY; every entry is read from the entry
// bundles, and every tile of every level must be what the entries hash to; the tiles lead to the
// head's root; every entry is proved from tiles read over HTTP; every older head is a prefix of the
// newest. Prints TAP; exit 0 if all holds.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	height   = 8 // 256 hashes a tile
	width    = 1 << height
	sizeMax  = 1 << 20
	bodyMax  = 32 << 20
	proofMax = 2000 // so many entries are proved one by one, the others spread evenly
)

var made, failed int

func check(err error, format string, args ...any) bool {
	made++
	if err != nil {
		failed++
		fmt.Print("not ")
	}
	fmt.Printf("ok %d - go: %s\n", made, fmt.Sprintf(format, args...))
	if err != nil {
		fmt.Printf("# %v\n", err)
	}
	return err == nil
}

func finish() {
	fmt.Printf("1..%d\n", made)
	if failed > 0 || made == 0 {
		os.Exit(1)
	}
	os.Exit(0)
}

// site is a log's address.
type site struct {
	base   string
	client http.Client
}

func (s *site) get(path string) ([]byte, error) {
	res, err := s.client.Get(s.base + "/" + path)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", path, res.Status)
	}
	return io.ReadAll(io.LimitReader(res.Body, bodyMax))
}

// path is where C2SP tlog-tiles puts what tlog calls tile/8/...; entry bundles have a name instead of level -1.
func path(t tlog.Tile) string {
	p := strings.TrimPrefix(t.Path(), "tile/8/")
	return "tile/" + strings.Replace(p, "data/", "entries/", 1)
}

// The methods of a tlog.TileReader.
func (s *site) Height() int { return height }

func (s *site) SaveTiles([]tlog.Tile, [][]byte) {}

func (s *site) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	all := make([][]byte, len(tiles))
	for i, t := range tiles {
		data, err := s.get(path(t))
		if err != nil {
			return nil, err
		}
		if len(data) != t.W*tlog.HashSize {
			return nil, fmt.Errorf("%s: %d bytes", path(t), len(data))
		}
		all[i] = data
	}
	return all, nil
}

// kept remembers tiles, so that a proof of each entry does not ask for the same ones again.
type kept struct {
	*site
	tiles map[tlog.Tile][]byte
}

func (k *kept) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	all := make([][]byte, len(tiles))
	for i, t := range tiles {
		if k.tiles[t] == nil {
			data, err := k.site.ReadTiles([]tlog.Tile{t})
			if err != nil {
				return nil, err
			}
			k.tiles[t] = data[0]
		}
		all[i] = k.tiles[t]
	}
	return all, nil
}

// head opens a signed tlog-checkpoint: origin, size, root, and no more.
func head(text []byte, v note.Verifier) (tlog.Tree, error) {
	n, err := note.Open(text, note.VerifierList(v))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 4 || lines[3] != "" || lines[0] != v.Name() {
		return tlog.Tree{}, fmt.Errorf("the head reads %q", n.Text)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || size > sizeMax || strconv.FormatInt(size, 10) != lines[1] {
		return tlog.Tree{}, fmt.Errorf("a size of %q", lines[1])
	}
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return tlog.Tree{}, fmt.Errorf("a root of %q", lines[2])
	}
	t := tlog.Tree{N: size}
	copy(t.Hash[:], root)
	return t, nil
}

// bundle splits entries, each behind its length in two bytes.
func bundle(data []byte) ([][]byte, error) {
	var entries [][]byte
	for len(data) > 0 {
		if len(data) < 2 {
			return nil, fmt.Errorf("a length is cut")
		}
		n := int(binary.BigEndian.Uint16(data))
		if len(data) < 2+n {
			return nil, fmt.Errorf("an entry is cut")
		}
		entries = append(entries, data[2:2+n])
		data = data[2+n:]
	}
	return entries, nil
}

// tree is what the entries hash to: all stored hashes in tlog's own order.
type tree struct {
	hashes []tlog.Hash
	leaves []tlog.Hash
}

func (t *tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	list := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		if x < 0 || x >= int64(len(t.hashes)) {
			return nil, fmt.Errorf("no hash %d", x)
		}
		list[i] = t.hashes[x]
	}
	return list, nil
}

func (s *site) entries(size int64) (*tree, error) {
	t := &tree{}
	for n := int64(0); n*width < size; n++ {
		w := size - n*width
		if w > width {
			w = width
		}
		p := path(tlog.Tile{H: height, L: -1, N: n, W: int(w)})
		data, err := s.get(p)
		if err != nil {
			return nil, err
		}
		list, err := bundle(data)
		if err != nil || int64(len(list)) != w {
			return nil, fmt.Errorf("%s: %d entries of %d (%v)", p, len(list), w, err)
		}
		for _, e := range list {
			more, err := tlog.StoredHashes(int64(len(t.leaves)), e, t)
			if err != nil {
				return nil, err
			}
			t.hashes = append(t.hashes, more...)
			t.leaves = append(t.leaves, tlog.RecordHash(e))
		}
	}
	return t, nil
}

// tiles lists those that a size has, the last of each level at its own width.
func tiles(size int64) []tlog.Tile {
	var list []tlog.Tile
	for level := 0; size > 0; level, size = level+1, size/width {
		for n := int64(0); n*width < size; n++ {
			w := size - n*width
			if w > width {
				w = width
			}
			list = append(list, tlog.Tile{H: height, L: level, N: n, W: int(w)})
		}
	}
	return list
}

// everyTile compares the tiles of a size, each level, byte for byte; answers how many.
func (s *site) everyTile(t *tree, size int64) (int, error) {
	list := tiles(size)
	for _, tile := range list {
		want, err := tlog.ReadTileData(tile, t)
		if err != nil {
			return 0, err
		}
		got, err := s.get(path(tile))
		if err != nil {
			return 0, err
		}
		if !bytes.Equal(got, want) {
			return 0, fmt.Errorf("%s is not what the entries hash to", path(tile))
		}
	}
	return len(list), nil
}

// everyEntry proves entries from tiles alone; tlog checks each tile read against the root.
func everyEntry(s *site, t *tree, at tlog.Tree) (int64, error) {
	reader := tlog.TileHashReader(at, &kept{s, map[tlog.Tile][]byte{}})
	step, n := at.N/proofMax+1, int64(0)
	for i := int64(0); i < at.N; i += step {
		p, err := tlog.ProveRecord(at.N, i, reader)
		if err == nil {
			err = tlog.CheckRecord(p, at.N, at.Hash, i, t.leaves[i])
		}
		if err != nil {
			return 0, fmt.Errorf("entry %d: %w", i, err)
		}
		n++
	}
	return n, nil
}

// evidence is E of docs/FORMATS.md, section 4.
type evidence struct {
	Act   json.RawMessage
	Salt  string
	Index int64
	Path  []string
	Head  string
}

// proveE checks an E by itself and gives the head it stands under.
func proveE(file []byte, v note.Verifier, t *tree) (tlog.Tree, error) {
	var e evidence
	d := json.NewDecoder(bytes.NewReader(file))
	d.DisallowUnknownFields()
	if err := d.Decode(&e); err != nil {
		return tlog.Tree{}, err
	}
	at, err := head([]byte(e.Head), v)
	if err != nil {
		return at, err
	}
	salt, err := hex.DecodeString(e.Salt)
	if err != nil || len(salt) != sha256.Size {
		return at, fmt.Errorf("a salt of %q", e.Salt)
	}
	digest := sha256.Sum256(append(salt, e.Act...))
	leaf := tlog.RecordHash([]byte("shugu-act/1 " + hex.EncodeToString(digest[:])))
	p := make(tlog.RecordProof, len(e.Path))
	for i, text := range e.Path {
		h, err := hex.DecodeString(text)
		if err != nil || len(h) != tlog.HashSize {
			return at, fmt.Errorf("a hash of %q", text)
		}
		copy(p[i][:], h)
	}
	if err := tlog.CheckRecord(p, at.N, at.Hash, e.Index, leaf); err != nil {
		return at, err
	}
	if e.Index >= int64(len(t.leaves)) || t.leaves[e.Index] != leaf {
		return at, fmt.Errorf("entry %d of the log is another one", e.Index)
	}
	return at, nil
}

// links proves that an older head is a prefix of a newer one, from tiles of the newer.
func links(s *site, old, new tlog.Tree) error {
	if old.N > new.N {
		return fmt.Errorf("the log shrank from %d to %d", old.N, new.N)
	}
	if old.N == 0 {
		return nil
	}
	p, err := tlog.ProveTree(new.N, old.N, tlog.TileHashReader(new, s))
	if err != nil {
		return err
	}
	return tlog.CheckTree(p, new.N, new.Hash, old.N, old.Hash)
}

// readLog checks the log under its present head; nil where it cannot go on.
func readLog(s *site, v note.Verifier) (*tree, tlog.Tree) {
	text, err := s.get("checkpoint")
	if !check(err, "the head is read") {
		return nil, tlog.Tree{}
	}
	at, err := head(text, v)
	if !check(err, "it opens under the log's key and is of %d entries", at.N) {
		return nil, at
	}
	t, err := s.entries(at.N)
	if !check(err, "its entries are read") {
		return nil, at
	}
	root, err := tlog.TreeHash(at.N, t)
	if err == nil && root != at.Hash {
		err = fmt.Errorf("the root is %v, the head has %v", root, at.Hash)
	}
	check(err, "they hash to its root")
	n, err := s.everyTile(t, at.N)
	check(err, "%d tiles are what they hash to", n)
	root, err = tlog.TreeHash(at.N, tlog.TileHashReader(at, s))
	if err == nil && root != at.Hash {
		err = fmt.Errorf("the tiles give %v, the head has %v", root, at.Hash)
	}
	check(err, "the tiles give its root")
	proved, err := everyEntry(s, t, at)
	check(err, "%d entries are proved from tiles", proved)
	return t, at
}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: go-log URL VKEY [FILE...]")
		os.Exit(2)
	}
	s := &site{base: strings.TrimSuffix(os.Args[1], "/"), client: http.Client{Timeout: 30 * time.Second}}
	v, err := note.NewVerifier(os.Args[2])
	if !check(err, "the verifier key is one") {
		finish()
	}
	t, first := readLog(s, v)
	if t == nil {
		finish()
	}
	older, names := []tlog.Tree{first}, []string{"the first head"}
	for _, name := range os.Args[3:] {
		file, err := os.ReadFile(name)
		var at tlog.Tree
		if err == nil && bytes.HasPrefix(file, []byte("{")) {
			at, err = proveE(file, v, t)
		} else if err == nil {
			at, err = head(file, v)
		}
		if check(err, "%s holds", name) {
			older, names = append(older, at), append(names, name)
		}
	}
	text, err := s.get("checkpoint")
	var last tlog.Tree
	if err == nil {
		last, err = head(text, v)
	}
	if !check(err, "the head is read again") {
		finish()
	}
	for i, at := range older {
		check(links(s, at, last), "%s, of %d entries, is a prefix of the newest, of %d", names[i], at.N, last.N)
	}
	finish()
}
