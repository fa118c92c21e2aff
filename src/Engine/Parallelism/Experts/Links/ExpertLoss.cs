namespace Grid.Engine.Parallelism.Experts.Links;

/// <summary>A link to an expert shard is broken or cannot be made, or is there again.</summary>
/// <param name="Shard">3 of ep3.</param>
/// <param name="Endpoint">Of the incarnation.</param>
/// <param name="Reason">Why; null: it is there.</param>
internal sealed record ExpertLoss(int Shard, string Endpoint, string? Reason);
