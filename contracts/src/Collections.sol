// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// Stands for ERC-721: an approval for one token, which a transfer clears without a log, and operators for all. Anyone mints.
contract Collectible {
    mapping(uint256 => address) public ownerOf;
    mapping(address => uint256) public balanceOf;
    mapping(uint256 => address) public getApproved;
    mapping(address => mapping(address => bool)) public isApprovedForAll;

    event Transfer(address indexed from, address indexed to, uint256 indexed tokenId);
    event Approval(address indexed owner, address indexed approved, uint256 indexed tokenId);
    event ApprovalForAll(address indexed owner, address indexed operator, bool approved);

    error NotAllowed(address account, uint256 tokenId);

    function mint(address to, uint256 tokenId) external {
        if (ownerOf[tokenId] != address(0)) revert NotAllowed(msg.sender, tokenId);
        _give(address(0), to, tokenId);
    }

    function approve(address approved, uint256 tokenId) external {
        address owner = ownerOf[tokenId];
        if (msg.sender != owner && !isApprovedForAll[owner][msg.sender]) revert NotAllowed(msg.sender, tokenId);
        getApproved[tokenId] = approved;
        emit Approval(owner, approved, tokenId);
    }

    function setApprovalForAll(address operator, bool approved) external {
        isApprovedForAll[msg.sender][operator] = approved;
        emit ApprovalForAll(msg.sender, operator, approved);
    }

    function transferFrom(address from, address to, uint256 tokenId) external {
        bool allowed = msg.sender == from || msg.sender == getApproved[tokenId] || isApprovedForAll[from][msg.sender];
        if (!allowed || ownerOf[tokenId] != from) revert NotAllowed(msg.sender, tokenId);
        delete getApproved[tokenId];
        balanceOf[from]--;
        _give(from, to, tokenId);
    }

    function supportsInterface(bytes4 id) external pure returns (bool) {
        return id == 0x01ffc9a7 || id == 0x80ac58cd;
    }

    function _give(address from, address to, uint256 tokenId) private {
        ownerOf[tokenId] = to;
        balanceOf[to]++;
        emit Transfer(from, to, tokenId);
    }
}

/// Stands for ERC-1155: balances by id, and operators for all of them. Anyone mints. No hook of the recipient is called.
contract Collection {
    mapping(address => mapping(uint256 => uint256)) private balances;
    mapping(address => mapping(address => bool)) public isApprovedForAll;

    event TransferSingle(address indexed operator, address indexed from, address indexed to, uint256 id, uint256 value);
    event TransferBatch(address indexed operator, address indexed from, address indexed to, uint256[] ids, uint256[] values);
    event ApprovalForAll(address indexed owner, address indexed operator, bool approved);

    error NotAllowed(address account);

    function balanceOf(address holder, uint256 id) external view returns (uint256) {
        return balances[holder][id];
    }

    function balanceOfBatch(address[] calldata holders, uint256[] calldata ids) external view returns (uint256[] memory values) {
        values = new uint256[](ids.length);
        for (uint256 i; i < ids.length; i++) {
            values[i] = balances[holders[i]][ids[i]];
        }
    }

    function mint(address to, uint256 id, uint256 value) external {
        balances[to][id] += value;
        emit TransferSingle(msg.sender, address(0), to, id, value);
    }

    function setApprovalForAll(address operator, bool approved) external {
        isApprovedForAll[msg.sender][operator] = approved;
        emit ApprovalForAll(msg.sender, operator, approved);
    }

    function safeTransferFrom(address from, address to, uint256 id, uint256 value, bytes calldata) external {
        _move(from, to, id, value);
        emit TransferSingle(msg.sender, from, to, id, value);
    }

    function safeBatchTransferFrom(
        address from,
        address to,
        uint256[] calldata ids,
        uint256[] calldata values,
        bytes calldata
    ) external {
        for (uint256 i; i < ids.length; i++) {
            _move(from, to, ids[i], values[i]);
        }
        emit TransferBatch(msg.sender, from, to, ids, values);
    }

    function supportsInterface(bytes4 id) external pure returns (bool) {
        return id == 0x01ffc9a7 || id == 0xd9b67a26;
    }

    function _move(address from, address to, uint256 id, uint256 value) private {
        if (msg.sender != from && !isApprovedForAll[from][msg.sender]) revert NotAllowed(msg.sender);
        balances[from][id] -= value;
        balances[to][id] += value;
    }
}
