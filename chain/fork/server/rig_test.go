package server

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"encoding/json"
	"io"
	"math/big"
	"net/http"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/params"
	"github.com/ethereum/go-ethereum/rpc"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain/fork/forktest"
	"github.com/keymaker-agent/keymaker/internal/conformance"
)

// rig is a fork of a small remote, served over HTTP and websocket.
type rig struct {
	*rpc.Client
	t      testing.TB
	server *Server
	url    string
	remote *counted
	key    *ecdsa.PrivateKey
	from   common.Address
	nonce  uint64
}

const (
	rigChain = 1
	rigHead  = 100
	rigTime  = 1_700_000_000
)

var (
	counter = common.HexToAddress("0xc000000000000000000000000000000000000001") // adds one to slot 0 and logs it
	looping = common.HexToAddress("0xc000000000000000000000000000000000000002") // never ends
	failing = common.HexToAddress("0xc000000000000000000000000000000000000003") // reverts with "no"
	bob     = common.HexToAddress("0xb0b0000000000000000000000000000000000001")
)

// plain is a client without the bounds that ours has.
type plain struct{ *rpc.Client }

func (p plain) Call(ctx context.Context, result any, method string, args ...any) error {
	return p.CallContext(ctx, result, method, args...)
}

func (p plain) Batch(ctx context.Context, elems []rpc.BatchElem) error {
	return p.BatchCallContext(ctx, elems)
}

func newRig(t testing.TB, o Options) *rig { return newRigOn(t, o, func(*types.Header) {}) }

// newRigOn is newRig on another head.
func newRigOn(t testing.TB, o Options, edit func(*types.Header)) *rig {
	t.Helper()
	key, err := crypto.ToECDSA(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t, key: key, from: crypto.PubkeyToAddress(key.PublicKey)}
	config := *params.MergedTestChainConfig
	config.ChainID, config.AmsterdamTime, config.BogotaTime = big.NewInt(rigChain), nil, nil
	zero := uint64(0)
	head := &types.Header{
		Number: big.NewInt(rigHead), Time: rigTime, GasLimit: 30_000_000, BaseFee: big.NewInt(params.GWei), Difficulty: new(big.Int),
		Coinbase: common.HexToAddress("0x3000000000000000000000000000000000000003"), ExcessBlobGas: &zero, BlobGasUsed: &zero,
	}
	edit(head)
	code := func(source string) types.Account {
		return types.Account{Nonce: 1, Balance: new(big.Int), Code: forktest.Assemble(t, source)}
	}
	hashes := func(n uint64) common.Hash { return crypto.Keccak256Hash([]byte{byte(n)}) }
	remote := conformance.Remote{
		Config: &config, Head: head, Hash: hashes(rigHead), Hashes: hashes,
		Alloc: types.GenesisAlloc{
			r.from:  {Balance: new(big.Int).Mul(big.NewInt(100), big.NewInt(params.Ether))},
			counter: code("0 SLOAD 1 ADD 0 SSTORE 0 SLOAD 0 MSTORE 0x77 0x20 0 LOG1"),
			looping: code("again: @again JUMP"),
			failing: code(`0x08c379a000000000000000000000000000000000000000000000000000000000 0 MSTORE 0x20 4 MSTORE 2 0x24 MSTORE
				0x6e6f000000000000000000000000000000000000000000000000000000000000 0x44 MSTORE 0x64 0 REVERT`),
		},
	}
	server := remote.Server()
	t.Cleanup(server.Stop)
	client := rpc.DialInProc(server)
	t.Cleanup(client.Close)
	r.remote = &counted{Source: plain{client}}
	if o.Clock == nil {
		o.Clock = func() time.Time { return time.Unix(rigTime+3600, 0) }
	}
	r.server, r.url = serve(t, r.remote, o)
	r.Client = dialed(t, r.url)
	return r
}

// ask makes a request that has to succeed.
func ask[T any](r *rig, method string, args ...any) (v T) {
	r.t.Helper()
	if err := r.CallContext(context.Background(), &v, method, args...); err != nil {
		r.t.Fatalf("%s: %v", method, err)
	}
	return v
}

// fails makes a request that has to be refused.
func (r *rig) fails(method string, args ...any) error {
	r.t.Helper()
	var v any
	err := r.CallContext(context.Background(), &v, method, args...)
	if err == nil {
		r.t.Fatalf("%s succeeds: %v", method, v)
	}
	return err
}

// sign signs a transaction of the rig's account.
func (r *rig) sign(data types.TxData) hexutil.Bytes {
	r.t.Helper()
	tx, err := types.SignNewTx(r.key, types.LatestSignerForChainID(big.NewInt(rigChain)), data)
	if err != nil {
		r.t.Fatal(err)
	}
	raw, err := tx.MarshalBinary()
	if err != nil {
		r.t.Fatal(err)
	}
	return raw
}

// fee is a transaction with EIP-1559 fees to an address.
func (r *rig) fee(nonce uint64, to common.Address) *types.DynamicFeeTx {
	return &types.DynamicFeeTx{
		ChainID: big.NewInt(rigChain), Nonce: nonce, GasTipCap: big.NewInt(params.GWei), GasFeeCap: big.NewInt(10 * params.GWei), Gas: 100_000, To: &to,
	}
}

// send sends a call of an address as the next transaction of the rig's account, and answers with its receipt.
func (r *rig) send(to common.Address) *types.Receipt {
	r.t.Helper()
	hash := ask[common.Hash](r, "eth_sendRawTransaction", r.sign(r.fee(r.nonce, to)))
	r.nonce++
	return ask[*types.Receipt](r, "eth_getTransactionReceipt", hash)
}

func (r *rig) head() uint64 { return uint64(ask[hexutil.Uint64](r, "eth_blockNumber")) }

// post sends bytes as they are.
func (r *rig) post(body []byte, edit func(*http.Request)) (int, []byte) {
	r.t.Helper()
	req, err := http.NewRequest(http.MethodPost, r.url, bytes.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if edit != nil {
		edit(req)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return res.StatusCode, answer
}

func asJSON(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func wei(n uint64) *uint256.Int { return uint256.NewInt(n) }
