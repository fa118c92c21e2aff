using System.Buffers;
using Grid.Abstractions.Http;

namespace Grid.Gateway.Forwarding;

/// <summary>How much of one choice the client has.</summary>
internal sealed class ChoiceProgress : IDisposable
{
    private const int FirstTokens = 64;

    private int[] _tokens = ArrayPool<int>.Shared.Rent(FirstTokens);

    public int Count { get; private set; }

    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, Count);

    /// <summary>UTF-8 bytes of text that the client has.</summary>
    public int Bytes { get; private set; }

    public string? Finish { get; private set; }

    /// <summary>Whether the client has a data event of it.</summary>
    public bool IsOpened { get; private set; }

    /// <summary>Values of <see cref="ProgressKeys.Extra"/>, as JSON, in order.</summary>
    public List<byte[]>? Extra { get; private set; }

    public void Apply(ProgressReader progress, bool hasData)
    {
        var tokens = progress.Tokens;
        if (Count + tokens.Length > _tokens.Length) Grow(Count + tokens.Length);
        tokens.CopyTo(_tokens.AsSpan(Count));
        Count += tokens.Length;
        Bytes = Math.Max(Bytes, progress.Bytes);
        Finish = progress.Finish ?? Finish;
        IsOpened |= hasData;
        if (progress.Extra.Length > 0) (Extra ??= []).Add(progress.Extra.ToArray());
    }

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(_tokens);
        _tokens = [];
        Count = 0;
    }

    private void Grow(int needed)
    {
        var larger = ArrayPool<int>.Shared.Rent(Math.Max(needed, 2 * _tokens.Length));
        Tokens.CopyTo(larger);
        ArrayPool<int>.Shared.Return(_tokens);
        _tokens = larger;
    }
}
