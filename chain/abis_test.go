package chain

import (
	"bytes"
	"encoding/hex"
	"errors"
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
	"pgregory.net/rapid"
)

func TestSelectorsAreTheKnownOnes(t *testing.T) {
	a := common.Address{1}
	permit, err := PackPermit2Approve(a, a, uint256.NewInt(1), 1)
	if err != nil {
		t.Fatal(err)
	}
	for want, data := range map[string][]byte{
		"70a08231": PackBalanceOf(a),
		"dd62ed3e": PackAllowance(a, a),
		"313ce567": PackDecimals(),
		"a9059cbb": PackTransfer(a, uint256.NewInt(1)),
		"095ea7b3": PackApprove(a, uint256.NewInt(1)),
		"d0e30db0": PackDeposit(),
		"2e1a7d4d": PackWithdraw(uint256.NewInt(1)),
		"927da105": PackPermit2Allowance(a, a, a),
		"87517c45": permit,
		"82ad56cb": PackAggregate3(nil),
	} {
		if got := hex.EncodeToString(data[:4]); got != want {
			t.Errorf("selector %s, want %s", got, want)
		}
	}
}

func TestTransferIsPackedAsTheContractReadsIt(t *testing.T) {
	to := common.HexToAddress("0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045")
	want := "a9059cbb" +
		"000000000000000000000000d8da6bf26964af9d7eed9e03e53415d37aa96045" +
		"0000000000000000000000000000000000000000000000000000000005f5e100"
	if got := hex.EncodeToString(PackTransfer(to, uint256.NewInt(100_000_000))); got != want {
		t.Errorf("got %s", got)
	}
}

func TestApproveIsReadAsItWasPacked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spender := common.BytesToAddress(rapid.SliceOfN(rapid.Byte(), 20, 20).Draw(t, "spender"))
		amount := drawRaw(t)
		gotSpender, gotAmount, ok := UnpackApprove(PackApprove(spender, amount))
		if !ok || gotSpender != spender || !gotAmount.Eq(amount) {
			t.Fatalf("%s %s becomes %s %s, %v", spender, amount, gotSpender, &gotAmount, ok)
		}
	})
	for _, data := range [][]byte{nil, PackTransfer(common.Address{1}, uint256.NewInt(1)), PackApprove(common.Address{1}, uint256.NewInt(1))[:67]} {
		if _, _, ok := UnpackApprove(data); ok {
			t.Errorf("%x is read as approve", data)
		}
	}
}

func TestOnlyAVoteIsReadAsOne(t *testing.T) {
	for _, yes := range []bool{true, false} {
		data := mustPack(governance, "vote", big.NewInt(7), yes)
		if id, got, ok := UnpackVote(data); !ok || got != yes || !id.Eq(uint256.NewInt(7)) {
			t.Errorf("%x is read as %s, %v, %v", data, id.Dec(), got, ok)
		}
		for _, other := range [][]byte{nil, data[:67], append(data, 0), append(bytes.Clone(data[:67]), 9), PackApprove(common.Address{1}, uint256.NewInt(1))} {
			if _, _, ok := UnpackVote(other); ok {
				t.Errorf("%x is read as a vote", other)
			}
		}
	}
}

func TestPermit2AmountsFitOrAreRefused(t *testing.T) {
	a := common.Address{1}
	most := new(uint256.Int).Lsh(uint256.NewInt(1), 160)
	if _, err := PackPermit2Approve(a, a, most, 1); !errors.Is(err, ErrOverflow) {
		t.Errorf("2^160: %v", err)
	}
	if _, err := PackPermit2Approve(a, a, uint256.NewInt(1), 1<<48); !errors.Is(err, ErrOverflow) {
		t.Errorf("an expiration of 2^48: %v", err)
	}
	ret, err := permit2.Methods["allowance"].Outputs.Pack(uint256.NewInt(7).ToBig(), uint256.NewInt(8).ToBig(), uint256.NewInt(9).ToBig())
	if err != nil {
		t.Fatal(err)
	}
	got, err := UnpackPermit2Allowance(ret)
	if err != nil || got != (Permit2Allowance{*uint256.NewInt(7), 8, 9}) {
		t.Errorf("allowance is %+v, %v", got, err)
	}
}

func TestMulticallAnswersAreCounted(t *testing.T) {
	results := []ViewResult{{true, []byte{1, 2}}, {false, nil}}
	ret, err := multicall3.Methods["aggregate3"].Outputs.Pack(results)
	if err != nil {
		t.Fatal(err)
	}
	got, err := UnpackAggregate3(ret, 2)
	if err != nil || !got[0].Success || !bytes.Equal(got[0].ReturnData, []byte{1, 2}) || got[1].Success {
		t.Errorf("answers are %+v, %v", got, err)
	}
	if _, err := UnpackAggregate3(ret, 3); err == nil {
		t.Error("two answers to three calls are taken")
	}
}

func TestNumbersOfEmptyAnswersAreRefused(t *testing.T) {
	if _, err := UnpackUint(nil); err == nil {
		t.Error("an empty answer is taken for a number")
	}
	if n, err := UnpackUint(append(make([]byte, 31), 5)); err != nil || n.Uint64() != 5 {
		t.Errorf("five is %s, %v", &n, err)
	}
}

func FuzzUnpack(f *testing.F) {
	f.Add(PackTransfer(common.Address{1}, uint256.NewInt(1)))
	f.Add(PackApprove(common.Address{1}, uint256.NewInt(1)))
	if ret, err := multicall3.Methods["aggregate3"].Outputs.Pack([]ViewResult{{true, []byte{1}}}); err == nil {
		f.Add(ret)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _ = UnpackUint(data)
		_, _ = UnpackPermit2Allowance(data)
		_, _, _ = UnpackApprove(data)
		_, _, _ = UnpackVote(data)
		if results, err := UnpackAggregate3(data, 1); err == nil && len(results) != 1 {
			t.Fatalf("%d results", len(results))
		}
		_ = DecodeRevert(data)
	})
}
