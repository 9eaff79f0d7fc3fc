package fork

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

// hinting is a remote whose access lists say what they like.
type hinting struct {
	Source
	say string
}

func (s hinting) Batch(ctx context.Context, elems []rpc.BatchElem) error {
	err := s.Source.Batch(ctx, elems)
	for i := range elems {
		if elems[i].Method == "eth_createAccessList" {
			elems[i].Error = nil
			*elems[i].Result.(*json.RawMessage) = json.RawMessage(s.say)
		}
	}
	return err
}

// list is an access list of so many accounts with so many slots each.
func list(accounts, slots int) string {
	all := make([]string, accounts)
	for i := range all {
		keys := make([]string, slots)
		for j := range keys {
			keys[j] = fmt.Sprintf("%q", common.BigToHash(toBig(uint64(j))))
		}
		all[i] = fmt.Sprintf(`{"address":%q,"storageKeys":[%s]}`, common.BigToAddress(toBig(uint64(1000+i))), strings.Join(keys, ","))
	}
	return fmt.Sprintf(`{"accessList":[%s],"gasUsed":"0x5208"}`, strings.Join(all, ","))
}

func TestAnAccessListThatLiesCostsTimeOnly(t *testing.T) {
	g := newGeth(t)
	txs := []Tx{callTo(alice, pool, wordOf(1000).Bytes()), callTo(bob, puller, pack([4]byte{}, tokenA[:], alice[:], wei(77)))}
	truth := asJSON(t, simulate(t, newFork(t, g), txs...))
	for name, say := range map[string]string{
		"nothing":            `{"accessList":[]}`,
		"null":               `null`,
		"null in it":         `{"accessList":null}`,
		"no list":            `{"accessList":7}`,
		"a text":             `"0x"`,
		"cut":                list(3, 3)[:90],
		"an error":           `{"accessList":[],"error":"execution reverted","gasUsed":"0x1"}`,
		"accounts elsewhere": list(20, 3),
		"far too much":       list(3000, 1),
		"too many slots":     list(1, 20_000),
		"one twice":          strings.Replace(list(2, 2), "0x00000000000000000000000000000000000003e9", "0x00000000000000000000000000000000000003e8", 1),
		"short addresses":    `{"accessList":[{"address":"0x12","storageKeys":["0x1"]}]}`,
	} {
		for form, src := range map[string]Source{"by hash": g, "by number": byNumberOnly{g}} {
			c := counting(hinting{src, say})
			have := asJSON(t, simulate(t, newFork(t, c), txs...))
			if have != truth {
				t.Errorf("%s, %s: other effects", name, form)
			}
			if most := 3*256 + 2048 + (256 + 2048/5) + 200; c.calls > 3*most {
				t.Errorf("%s, %s: %d calls", name, form, c.calls)
			}
		}
	}
	var kept pinned.Known
	c := reads{make(map[pinned.Key]*pinned.Known)}
	simulate(t, newCached(t, hinting{g, list(3000, 3)}, c), txs...)
	for _, k := range c.kept {
		kept.Add(*k)
	}
	if kept.Size() == 0 || kept.Size() > 3*(256+2048)+200 {
		t.Errorf("a lie makes %d values stay", kept.Size())
	}
}
