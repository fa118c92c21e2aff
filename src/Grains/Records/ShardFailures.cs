namespace Grid.Grains.Records;

/// <summary>Failures of one shard in a row; a copy that has been ready for a while ends the row.</summary>
internal sealed class ShardFailures
{
    private DateTimeOffset? _readySince;

    /// <summary>The number of failures in a row.</summary>
    public int Count { get; private set; }

    /// <summary>Its present copy is ready.</summary>
    public void Ready(DateTimeOffset now) => _readySince ??= now;

    /// <summary>Its present copy has failed.</summary>
    public void Add(DateTimeOffset now)
    {
        Count = _readySince is { } since && now - since >= GridTimes.FailureReset ? 1 : Count + 1;
        _readySince = null;
    }
}
