package snapshot

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/router/pool"
	"github.com/keymaker-agent/keymaker/router/pool/line"
)

// What a file may hold, so that none takes all memory.
const (
	MaxLine  = 4 << 20 // bytes, the newline not counted
	MaxBytes = 1 << 30 // unpacked
	MaxPools = 1 << 20
	MaxKinds = 64 // that nobody knows

	maxTokens = 1 << 20
	maxID     = 128 // bytes; the longest on a chain is 0x and 32 bytes in hexadecimal
	maxName   = 64  // bytes of a kind or a venue
	maxSymbol = 256
	maxNote   = 4096
)

// Choice is what to take of a file.
type Choice struct {
	Tokens map[common.Address]bool // only pools whose tokens all stand here; nil takes every pool
	// TickToTick makes pools of Uniswap V3 trade from one initialized tick to the next, as reckoners do that know no bitmap. The
	// contract also stops at the edges of the bitmap's words, and pays a few units less by the rounding there.
	TickToTick bool
}

// Load reads a snapshot, gzip or plain as its first bytes say. What is no snapshot is refused (bad_snapshot); an error of the reader
// itself comes back as it is.
func Load(from io.Reader, choice Choice) (*State, error) {
	in := &counted{from: from}
	text, err := unpacked(in)
	if err != nil {
		return nil, readError(in, 1, err)
	}
	l := loader{choice: choice, names: map[string]string{}, market: &Market{
		Unknown: map[string]int{}, byToken: map[common.Address]int32{}, byID: map[string]int32{}, heldFrom: []int32{0},
	}}
	lines := reader{from: bufio.NewReaderSize(text, 1<<16)}
	for number := 1; ; number++ {
		raw, err := lines.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, readError(in, number, err)
		}
		if err := l.take(raw, number == 1); err != nil {
			return nil, refuse(number, err)
		}
	}
	if l.state.Market == nil {
		return nil, refuse(1, errors.New("is missing: the file is empty"))
	}
	maps.DeleteFunc(l.market.byID, func(_ string, number int32) bool { return number == absent })
	l.market.settle()
	return &l.state, nil
}

func refuse(number int, why error) error {
	return refusal.New(refusal.BadSnapshot, "line %d: %v", number, why)
}

// readError tells an unreadable file, which is no fault of what stands in it, from a broken one.
func readError(in *counted, number int, err error) error {
	if in.err != nil {
		return fmt.Errorf("read line %d of a snapshot: %w", number, in.err)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return refuse(number, errors.New("the file was cut here"))
	}
	return refuse(number, err)
}

// counted remembers the error of the reader below.
type counted struct {
	from io.Reader
	err  error
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		c.err = err
	}
	return n, err
}

// unpacked gives the text of a file, whether it is packed or not.
func unpacked(from io.Reader) (io.Reader, error) {
	in := bufio.NewReaderSize(from, 1<<16)
	magic, err := in.Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if !bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		return in, nil
	}
	return gzip.NewReader(in)
}

// reader gives one line after the other, of bounded length and sum.
type reader struct {
	from *bufio.Reader
	long []byte // a line longer than the reader's own buffer
	sum  int
}

// next gives a line without its end. It holds until the next call.
func (r *reader) next() ([]byte, error) {
	r.long = r.long[:0]
	for {
		part, err := r.from.ReadSlice('\n')
		r.sum += len(part)
		switch {
		case len(r.long)+len(part) > MaxLine+1:
			return nil, fmt.Errorf("has more than %d bytes", MaxLine)
		case r.sum > MaxBytes:
			return nil, fmt.Errorf("the file has more than %d bytes", MaxBytes)
		case errors.Is(err, bufio.ErrBufferFull):
			r.long = append(r.long, part...)
			continue
		case errors.Is(err, io.EOF) && len(r.long)+len(part) > 0: // the last line may lack its end
		case err != nil:
			return nil, err
		}
		if len(r.long) > 0 {
			r.long = append(r.long, part...)
			part = r.long
		}
		return bytes.TrimSuffix(part, []byte("\n")), nil
	}
}

// loader builds a State line by line.
type loader struct {
	choice   Choice
	market   *Market
	state    State
	line     line.Line
	names    map[string]string        // one text for all equal ones
	aside    map[common.Address]uint8 // decimals of tokens that are not to be taken
	decimals []uint8                  // of the tokens of the pool that is read
}

func (l *loader) take(raw []byte, first bool) error {
	if err := l.line.Parse(raw); err != nil {
		return err
	}
	kind := string(l.line.Bytes("type", maxName))
	if err := l.line.Err(); err != nil {
		return err
	}
	switch {
	case first != (kind == "snapshot"):
		return errors.New("the first line, and no other, has the type snapshot")
	case kind == "snapshot":
		return l.head()
	case kind == "token":
		return l.token()
	case kind == "pool":
		return l.pool()
	}
	return fmt.Errorf("type %+q is none of snapshot, token and pool", kind)
}

const version = 1

func (l *loader) head() error {
	if n := l.line.Number("version", 0, 1<<31); l.line.Err() == nil && n != version {
		return fmt.Errorf("version %d is not read by this program, which knows version %d", n, version)
	}
	l.market.Chain = uint64(l.line.Number("chain_id", 1, 1<<53)) //nolint:gosec // not negative
	if l.line.Has("block") {
		l.state.Block = uint64(l.line.Number("block", 0, 1<<53)) //nolint:gosec // not negative
	}
	if l.line.Has("note") {
		l.market.Note = l.line.Text("note", maxNote)
	}
	l.state.Market = l.market
	return l.line.Done()
}

func (l *loader) token() error {
	t := Token{
		Address:  l.line.Address("address"),
		Symbol:   l.line.Text("symbol", maxSymbol),
		Decimals: uint8(l.line.Number("decimals", 0, 255)), //nolint:gosec // fits
	}
	if err := l.line.Done(); err != nil {
		return err
	}
	_, known := l.market.byToken[t.Address]
	if _, aside := l.aside[t.Address]; known || aside {
		return fmt.Errorf("token %s stands twice", line.Lower(t.Address))
	}
	if l.choice.Tokens != nil && !l.choice.Tokens[t.Address] {
		return l.putAside(t)
	}
	if len(l.market.tokens) == maxTokens {
		return fmt.Errorf("the file has more than %d tokens", maxTokens)
	}
	l.market.byToken[t.Address] = int32(len(l.market.tokens)) //nolint:gosec // below maxTokens
	l.market.tokens = append(l.market.tokens, t)
	return nil
}

// putAside remembers a token that is not to be taken, so that its pools are known for what they are.
func (l *loader) putAside(t Token) error {
	if len(l.aside) == maxTokens {
		return fmt.Errorf("the file has more than %d tokens", maxTokens)
	}
	if l.aside == nil {
		l.aside = map[common.Address]uint8{}
	}
	l.aside[t.Address] = t.Decimals
	return nil
}

func (l *loader) pool() error {
	id := l.line.Bytes("id", maxID)
	kindName := l.line.Bytes("kind", maxName)
	venue := l.line.Bytes("venue", maxName)
	tokens := l.line.Addresses("tokens", 2, pool.MaxTokens)
	if err := l.line.Err(); err != nil {
		return err
	}
	if len(id) == 0 || len(kindName) == 0 {
		return errors.New("id or kind is empty")
	}
	if _, ok := l.market.byID[idKey(string(id))]; ok {
		return fmt.Errorf("pool %+q stands twice", id)
	}
	if len(l.market.byID) == MaxPools {
		return fmt.Errorf("the file has more than %d pools", MaxPools)
	}
	kind, ok := pool.KindOf(string(kindName))
	if !ok {
		return l.unknown(string(id), string(kindName))
	}
	allowed, decimals, err := l.held(tokens)
	if err != nil {
		return err
	}
	site := pool.Site{ID: string(id), Kind: l.name(kindName), Venue: l.name(venue), Tokens: tokens}
	p, err := kind.Read(site, decimals, &l.line)
	if err == nil {
		err = l.line.Done()
	}
	if err != nil {
		return err
	}
	if !allowed {
		l.market.NotAllowed++
		l.market.byID[idKey(site.ID)] = absent
		return nil
	}
	if l.choice.TickToTick {
		if p, err = tickToTick(p); err != nil {
			return err
		}
	}
	l.add(p)
	return nil
}

// absent stands for the number of a pool that was read and left out, until the file is read.
const absent = -1

func (l *loader) unknown(id, kind string) error {
	if l.market.Unknown[kind] == 0 && len(l.market.Unknown) == MaxKinds {
		return fmt.Errorf("the file has more than %d kinds of pools that nobody knows", MaxKinds)
	}
	l.market.Unknown[kind]++
	l.market.byID[idKey(id)] = absent
	return nil
}

// held checks the tokens of a pool, and says whether all of them are to be taken, and their decimals.
func (l *loader) held(tokens []common.Address) (allowed bool, decimals []uint8, err error) {
	allowed, decimals = true, l.decimals[:0]
	for i, t := range tokens {
		if slices.Contains(tokens[:i], t) {
			return false, nil, fmt.Errorf("tokens: %s stands twice", line.Lower(t))
		}
		if d, ok := l.aside[t]; ok {
			allowed, decimals = false, append(decimals, d)
		} else if n, ok := l.market.byToken[t]; ok {
			decimals = append(decimals, l.market.tokens[n].Decimals)
		} else {
			return false, nil, fmt.Errorf("tokens: %s has no line of its own before this one", line.Lower(t))
		}
	}
	l.decimals = decimals
	return allowed, decimals, nil
}

func (l *loader) add(p pool.Pool) {
	m, site := l.market, p.Site()
	number := m.Pools()
	m.byID[idKey(site.ID)] = int32(number) //nolint:gosec // below MaxPools
	for _, t := range site.Tokens {
		m.held = append(m.held, m.byToken[t])
	}
	m.heldFrom = append(m.heldFrom, int32(len(m.held))) //nolint:gosec // below MaxPools * pool.MaxTokens
	if number&(pageSize-1) == 0 {
		l.state.pages = append(l.state.pages, new(page))
	}
	l.state.pages[number>>pageBits][number&(pageSize-1)] = p
}

func tickToTick(p pool.Pool) (pool.Pool, error) {
	v3, ok := p.(*pool.V3)
	if !ok {
		return p, nil
	}
	price, tick, liquidity := v3.State()
	return pool.NewV3(*v3.Site(), &price, tick, &liquidity, 0, v3.Ticks())
}

// name keeps one copy of a text that repeats.
func (l *loader) name(text []byte) string {
	if s, ok := l.names[string(text)]; ok {
		return s
	}
	s := strings.Clone(string(text))
	if len(l.names) < 1<<10 {
		l.names[s] = s
	}
	return s
}
