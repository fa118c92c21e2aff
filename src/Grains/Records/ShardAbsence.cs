namespace Grid.Grains.Records;

/// <summary>A shard that lost its place and has no other yet.</summary>
/// <param name="Node">Where it was; taken again only where no other node fits.</param>
/// <param name="Since">When it was lost.</param>
/// <param name="RetryAt">When it is placed again.</param>
/// <param name="Message">Why it was lost.</param>
internal sealed record ShardAbsence(string Node, DateTimeOffset Since, DateTimeOffset RetryAt, string Message);
