package chain

import (
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/keymaker-agent/keymaker/refusal"
)

// reads are the methods that ask an endpoint and change nothing there. Client.Call and Client.Batch send no other: so a transaction
// leaves by Client.Send or not at all.
var reads = map[string]bool{
	"eth_blobBaseFee": true, "eth_blockNumber": true, "eth_call": true, "eth_capabilities": true, "eth_chainId": true, "eth_config": true,
	"eth_createAccessList": true, "eth_estimateGas": true, "eth_feeHistory": true, "eth_gasPrice": true, "eth_getBalance": true,
	"eth_getBlockByHash": true, "eth_getBlockByNumber": true, "eth_getBlockReceipts": true, "eth_getBlockTransactionCountByHash": true,
	"eth_getBlockTransactionCountByNumber": true, "eth_getCode": true, "eth_getHeaderByHash": true, "eth_getHeaderByNumber": true,
	"eth_getLogs": true, "eth_getProof": true, "eth_getStorageAt": true, "eth_getStorageValues": true,
	"eth_getTransactionByBlockHashAndIndex": true, "eth_getTransactionByBlockNumberAndIndex": true, "eth_getTransactionByHash": true,
	"eth_getTransactionCount": true, "eth_getTransactionReceipt": true, "eth_getUncleByBlockHashAndIndex": true,
	"eth_getUncleByBlockNumberAndIndex": true, "eth_getUncleCountByBlockHash": true, "eth_getUncleCountByBlockNumber": true,
	"eth_maxPriorityFeePerGas": true, "eth_simulateV1": true, "eth_syncing": true, "net_version": true, "web3_clientVersion": true,
	"debug_getRawBlock": true, "debug_getRawHeader": true, "debug_getRawReceipts": true, "debug_getRawTransaction": true,
	"debug_traceBlockByHash": true, "debug_traceBlockByNumber": true, "debug_traceCall": true, "debug_traceTransaction": true,
	"eth_getRawTransactionByHash": true, "eth_getRawTransactionByBlockHashAndIndex": true, "eth_getRawTransactionByBlockNumberAndIndex": true,
}

// IsRead reports whether a method only asks. What is not known to do so does not.
func IsRead(method string) bool { return reads[method] }

// ReadOnly makes a Client that sends nothing: Send is refused before it reaches the network.
func ReadOnly() Option { return func(c *Client) { c.readOnly = true } }

func (c *Client) onlyReads(elems ...rpc.BatchElem) error {
	for i := range elems {
		if !IsRead(elems[i].Method) {
			return refusal.New(refusal.ReadOnly, "%s is no read", elems[i].Method)
		}
	}
	return nil
}
