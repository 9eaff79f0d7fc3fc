package fork

import (
	"context"
	"fmt"
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/refusal"

	"github.com/keymaker-agent/keymaker/chain/fork/evm"
	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

// optimist is a fork of a chain with a gas price oracle.
func optimist(t testing.TB, source string) *Fork {
	t.Helper()
	return newFork(t, newGethWith(t, types.GenesisAlloc{pinned.GasPriceOracle: {Code: asm(t, source), Balance: new(big.Int), Nonce: 1}}))
}

func TestTheFeeForDataOnLayer1IsTakenAndTold(t *testing.T) {
	f := optimist(t, fmt.Sprintf(oracleSource, ""))
	tx := callTo(alice, tokenA, pack(selTransfer, bob[:], wei(250)))
	e := simulate(t, f, tx, tx)
	ok(t, e)
	var sum uint256.Int
	for i := range e.Txs {
		res := &e.Txs[i]
		text, err := encoded(&evm.Message{
			To: tx.To, Nonce: uint64(i), Data: tx.Data, Gas: res.GasLimit, FeeCap: capOf(f), TipCap: num(defaultTip),
		}, testChain)
		if err != nil {
			t.Fatal(err)
		}
		if want := uint64(1000 * len(l1FeeOf(text))); !res.L1Fee.Eq(uint256.NewInt(want)) {
			t.Errorf("transaction %d: the fee for data is %s, want %d", i, res.L1Fee.Dec(), want)
		}
		if !res.Fee.Gt(&res.L1Fee) {
			t.Errorf("transaction %d: the fee is %s", i, res.Fee.Dec())
		}
		sum.Add(&sum, &res.Fee)
	}
	c, _ := e.balance(alice, Native, common.Address{})
	if paid := new(uint256.Int).Sub(&c.Before, &c.After); !paid.Eq(&sum) {
		t.Errorf("paid %s, the fees are %s", paid.Dec(), sum.Dec())
	}
}

func TestAMessageIsEncodedAsItIsSigned(t *testing.T) {
	access := types.AccessList{{Address: tokenA, StorageKeys: []common.Hash{wordOf(3)}}, {Address: tokenB}}
	delegations := []types.SetCodeAuthorization{{ChainID: num(testChain), Address: clock, Nonce: 4, V: 1, R: num(5), S: num(6)}}
	id := toBig(testChain)
	for name, c := range map[string]struct {
		msg evm.Message
		tx  types.TxData
	}{
		"plain": {
			evm.Message{To: &bob, Nonce: 7, Value: num(5), Data: []byte{1, 2}, Gas: 21_000, FeeCap: num(9), TipCap: num(3)},
			&types.DynamicFeeTx{
				ChainID: id, Nonce: 7, To: &bob, Value: big.NewInt(5), Data: []byte{1, 2}, Gas: 21_000, GasFeeCap: big.NewInt(9), GasTipCap: big.NewInt(3),
			},
		},
		"a creation": {
			evm.Message{Data: []byte{1, 2}, Gas: 21_000, FeeCap: num(9)},
			&types.DynamicFeeTx{ChainID: id, Data: []byte{1, 2}, Gas: 21_000, GasFeeCap: big.NewInt(9)},
		},
		"with an access list": {
			evm.Message{To: &bob, Gas: 21_000, FeeCap: num(9), Access: access},
			&types.DynamicFeeTx{ChainID: id, To: &bob, Gas: 21_000, GasFeeCap: big.NewInt(9), AccessList: access},
		},
		"with delegations": {
			evm.Message{To: &bob, Nonce: 1, Gas: 90_000, FeeCap: num(9), Access: access, Delegations: delegations},
			&types.SetCodeTx{
				ChainID: uint256.NewInt(testChain), To: bob, Nonce: 1, Gas: 90_000, GasFeeCap: uint256.NewInt(9), AccessList: access, AuthList: delegations,
			},
		},
	} {
		text, err := encoded(&c.msg, testChain)
		if err != nil {
			t.Fatal(err)
		}
		want := types.LatestSignerForChainID(id).Hash(types.NewTx(c.tx))
		if got := crypto.Keccak256Hash(text); got != want {
			t.Errorf("%s: the hash to sign is %s, want %s", name, got, want)
		}
	}
}

func capOf(f *Fork) uint256.Int {
	feeCap := f.current().block.BaseFee
	feeCap.Lsh(&feeCap, 1)
	return *feeCap.AddUint64(&feeCap, defaultTip)
}

func TestWhatAChainTakesBesidesGasAndDoesNotTellIsUnknown(t *testing.T) {
	for name, source := range map[string]string{
		"an oracle that reverts":       "0 0 REVERT",
		"an oracle that says nothing":  "STOP",
		"a fee for the chain's keeper": fmt.Sprintf(oracleSource, "DUP1 0x"+fmt.Sprintf("%x", selOperatorFee[:])+" EQ @operator JUMPI"),
	} {
		t.Run(name, func(t *testing.T) {
			e := simulate(t, optimist(t, source), callTo(alice, bob, nil))
			if len(e.Unknown) != 1 {
				t.Errorf("unknown: %q", e.Unknown)
			}
		})
	}
}

func TestWhoCanNotPayForDataIsRefused(t *testing.T) {
	f := optimist(t, "0xffffffffffffffffffffffffffffffff 0 MSTORE 0x20 0 RETURN")
	_, err := f.Simulate(context.Background(), []Tx{callTo(alice, bob, nil)})
	if !refusal.Is(err, refusal.Balance) {
		t.Errorf("Simulate = %v", err)
	}
}
