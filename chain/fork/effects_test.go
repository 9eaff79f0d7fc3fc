package fork

import (
	"testing"
)

func TestATransferMovesTokensAndPaysForGas(t *testing.T) {
	f := newFork(t, newGeth(t))
	e := simulate(t, f, callTo(alice, tokenA, pack(selTransfer, bob[:], wei(250))))
	ok(t, e)
	wantBalance(t, e, alice, ERC20, tokenA, 1_000_000, 999_750)
	wantBalance(t, e, bob, ERC20, tokenA, 1_000_000, 1_000_250)
	t.Log(asJSON(t, e))
}
