namespace Grid.Grains.Records;

/// <summary>Failures of one shard in a row: a placing that has been ready for a while ends the row.</summary>
internal sealed class ShardFailures
{
    private DateTimeOffset? _readySince;

    /// <summary>So many.</summary>
    public int Count { get; private set; }

    /// <summary>Its present placing is ready.</summary>
    public void Ready(DateTimeOffset now) => _readySince ??= now;

    /// <summary>Its present placing has failed.</summary>
    public void Add(DateTimeOffset now)
    {
        Count = _readySince is { } since && now - since >= GridTimes.FailureReset ? 1 : Count + 1;
        _readySince = null;
    }
}
