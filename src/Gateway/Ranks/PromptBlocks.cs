using System.Buffers;

namespace Grid.Gateway.Ranks;

/// <summary>Chained hashes over 256-byte blocks of a prompt, as the request has it: equal prefixes have equal first hashes.</summary>
internal sealed class PromptBlocks : IDisposable
{
    public const int BlockBytes = 256;

    /// <summary>Text has about four bytes a token.</summary>
    public const int BytesPerToken = 4;

    public const int TokensPerBlock = BlockBytes / BytesPerToken;

    // Prompts that differ only after half a mebibyte count as equal.
    private const int MaxBlocks = 2048;
    private const int FirstBlocks = 64;

    private readonly byte[] _block = ArrayPool<byte>.Shared.Rent(BlockBytes);
    private ulong[] _hashes = ArrayPool<ulong>.Shared.Rent(FirstBlocks);
    private int _filled;
    private int _count;
    private ulong _salt;

    /// <summary>Number of bytes added.</summary>
    public long Bytes { get; private set; }

    /// <summary>Hashes of the full blocks, in order.</summary>
    public ReadOnlySpan<ulong> Hashes => _hashes.AsSpan(0, _count);

    /// <summary>The hash of the prompt's first kibibyte or less; while no prefix is known, requests that share it go to one rank.</summary>
    public ulong? HomeKey => _count == 0 ? null : _hashes[Math.Min(_count, 4) - 1];

    public void Add(ReadOnlySpan<byte> bytes)
    {
        Bytes += bytes.Length;
        while (!bytes.IsEmpty && _count < MaxBlocks)
        {
            var part = bytes[..Math.Min(bytes.Length, BlockBytes - _filled)];
            part.CopyTo(_block.AsSpan(_filled));
            _filled += part.Length;
            bytes = bytes[part.Length..];
            if (_filled == BlockBytes) Close();
        }
    }

    /// <summary>Binds the hashes to one model and salt; called once, after all bytes.</summary>
    public void Seal(string model, string? salt)
    {
        _salt = RouteHash.Of(salt ?? "", RouteHash.Of(model));
        foreach (ref var hash in _hashes.AsSpan(0, _count)) hash ^= _salt;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_block);
        ArrayPool<ulong>.Shared.Return(_hashes);
        _count = 0;
        _hashes = [];
    }

    private void Close()
    {
        if (_count == _hashes.Length)
        {
            var larger = ArrayPool<ulong>.Shared.Rent(2 * _count);
            _hashes.CopyTo(larger, 0);
            ArrayPool<ulong>.Shared.Return(_hashes);
            _hashes = larger;
        }

        _hashes[_count] = RouteHash.Of(_block.AsSpan(0, BlockBytes), _count == 0 ? 0 : _hashes[_count - 1]);
        _count++;
        _filled = 0;
    }
}
