package artifacts

// pkg is one npm package at one version, with the integrity that the registry states and that a person has checked.
type pkg struct {
	name      string
	version   string
	integrity string // sha512 of the tarball, base64
	contracts []contract
}

func (p pkg) String() string { return p.name + "@" + p.version }

// contract is one compiled contract inside a package, and the sha256 of the file that is kept of it.
type contract struct {
	name   Name
	path   string // inside the package
	abi    string // inside the package, where the ABI is in another file
	cut    span   // of the deployed code of path; zero where path holds the contract itself
	sha256 string
}

// span is a range of bytes.
type span struct{ from, to int }

var packages = []pkg{
	{
		name: "canonical-weth", version: "1.4.0",
		integrity: "9rkLfAFndWALLhxd5lpyTX4RkV36WmVBZ92NYtYr1kWdAUmclRp7I5KkK4wvogzDcCI++yw53TLwx/GCPcocMg==",
		contracts: []contract{{
			name: WETH9, path: "build/contracts/WETH9.json",
			sha256: "215ee6059708cb670219191716c97924658c946b4e3a1ee3db6a1065b02605a9",
		}},
	},
	{
		name: "@uniswap/v2-core", version: "1.0.1",
		integrity: "MtybtkUPSyysqLY2U210NBDeCHX+ltHt3oADGdjqoThZaFRDKwM6k1Nb3F0A3hk5hwuQvytFWhrWHOEq6nVJ8Q==",
		contracts: []contract{{
			name: UniswapV2Factory, path: "build/UniswapV2Factory.json",
			sha256: "22121276f783ed0fa4673ffba8101cc665d4d705a180bfcf2807ed54c3b11e18",
		}, {
			name: UniswapV2Pair, path: "build/UniswapV2Pair.json",
			sha256: "29e641c3be35fa4d7a3ac824fcfd58ca1321ffcafb1fc0fd811505b4b38d73a4",
		}},
	},
	{
		name: "@uniswap/v2-periphery", version: "1.1.0-beta.0",
		integrity: "6dkwAMKza8nzqYiXEr2D86dgW3TTavUvCR0w2Tu33bAbM8Ah43LKAzH7oKKPRT5VJQaMi1jtkGs1E8JPor1n5g==",
		contracts: []contract{{
			name: UniswapV2Router, path: "build/UniswapV2Router02.json",
			sha256: "657e49babf4d81e6ff61c776ebdddc2e5157fc731f04c9c06fedcb794352e9cc",
		}},
	},
	{
		name: "@uniswap/v3-core", version: "1.0.1",
		integrity: "7pVk4hEm00j9tc71Y9+ssYpO6ytkeI0y7WE9P6UcmNzhxPePwyAxImuhVsTqWK9YFvzgtvzJHi64pBl4jUzKMQ==",
		contracts: []contract{{
			name: UniswapV3Factory, path: "artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory.json",
			sha256: "1634bc44f7f4609c7da72454150235da0fba7c43247e3d71e11a02647e9ef8d2",
		}, {
			name: UniswapV3Pool, path: "artifacts/contracts/UniswapV3Pool.sol/UniswapV3Pool.json",
			sha256: "8168edde1d49a8d29aa7decb7e678573425f0b58ff2572315b750fcf8a99f14f",
		}},
	},
	{
		name: "@uniswap/v3-periphery", version: "1.4.4",
		integrity: "S4+m+wh8HbWSO3DKk4LwUCPZJTpCugIsHrWR86m/OrUyvSqGDTXKFfc2sMuGXCZrD1ZqO3rhQsKgdWg3Hbb2Kw==",
		contracts: []contract{{
			name: PositionManager, path: "artifacts/contracts/NonfungiblePositionManager.sol/NonfungiblePositionManager.json",
			sha256: "35c833a4eeaf6df88e88f2ad2bb833d3404b6d983ba2d1c60c316ab9b4b1063f",
		}, {
			name: QuoterV2, path: "artifacts/contracts/lens/QuoterV2.sol/QuoterV2.json",
			sha256: "68dc6f9efe0d8697cd6b1804061c7ad7b2e2235c4df37e5183aea1250c34c406",
		}},
	},
	{
		name: "@uniswap/swap-router-contracts", version: "1.3.1",
		integrity: "mh/YNbwKb7Mut96VuEtL+Z5bRe0xVIbjjiryn+iMMrK2sFKhR4duk/86mEz0UO5gSx4pQIw9G5276P5heY/7Rg==",
		contracts: []contract{{
			name: SwapRouter02, path: "artifacts/contracts/SwapRouter02.sol/SwapRouter02.json",
			sha256: "4e80cbd4f1f04444fa9b9b702740b54a6b00b4946f3ce152f773359620ba4b53",
		}},
	},
	{
		// The published helper that deploys Permit2 carries its runtime code as a constant behind its own code. It was
		// constructed at another address on chain id 31337: whoever places it must set its two immutables. The others are for tests of
		// what pools pay.
		name: "@uniswap/v4-periphery", version: "1.0.3",
		integrity: "JxLL0Djv9XcMvI2PatEnWrCrxuEaYNVhHxstndBOP+aJfh1XLg5ec8SDZ0xyoVfg2ElJTvuKpBgnu90bNValsg==",
		contracts: []contract{{
			name: Permit2, path: "foundry-out/DeployPermit2.sol/DeployPermit2.json",
			abi:    "foundry-out/IAllowanceTransfer.sol/IAllowanceTransfer.default.json",
			cut:    span{from: 484, to: 484 + 9152},
			sha256: "9891954c0ab74a374718bf09b5571335e719e0bfc106cb8c70e19dfaa8f6dffa",
		}, {
			name: PoolManager, path: "foundry-out/PoolManager.sol/PoolManager.default.json",
			sha256: "2514694c95bf3bb61b0a70c36ea30b1e4c406f2fb88940656c048679b0775265",
		}, {
			name: V4Quoter, path: "foundry-out/V4Quoter.sol/V4Quoter.json",
			sha256: "dfbcd0167ffc6e841a4d2084809da5f8079c79c8a264d5d93079d1c6eb1aa4db",
		}, {
			name: StateView, path: "foundry-out/StateView.sol/StateView.json",
			sha256: "30daf4b236bab87ae6d3a6d76c914a90d07dafad4a86fcd1b6836876bcdc3eca",
		}, {
			name: PoolModifyLiquidityTest, path: "foundry-out/PoolModifyLiquidityTest.sol/PoolModifyLiquidityTest.default.json",
			sha256: "7b234e136a6f64941362bff61762867cd6658818424efc5fe0771fcf9a821100",
		}, {
			name: PoolSwapTest, path: "foundry-out/PoolSwapTest.sol/PoolSwapTest.default.json",
			sha256: "d6f0944a761d909164b395aeee9170edff4c5c7cf8a50da9f8fd750d82a1a76a",
		}, {
			name: MockERC20, path: "foundry-out/MockERC20.sol/MockERC20.json",
			sha256: "d3de17484afadcfd1906a5fec7acbe73a1dd1dbe3b56319f32b875b1fa3ded09",
		}},
	},
	{
		name: "@across-protocol/contracts", version: "5.0.27",
		integrity: "zp6BEBTDzRGEp7sNvvdRH4jBF2EuTI4RqFWVvhfkO28630Ow2hbCYeYiyTOjEOzAdqt+dn/sba9D9WirfwabWQ==",
		contracts: []contract{{
			name: Multicall3, path: "dist/evm/artifacts/Multicall3.sol/Multicall3.json",
			sha256: "94068a5c9d86b834fba16b43e2c851a391d48472ded7e1f04f63282fab3de6ef",
		}},
	},
}
