namespace Grid.Engine.Parallelism.Experts.Links;

/// <summary>A link to an expert shard is broken, or cannot be made.</summary>
/// <param name="Shard">3 of ep3.</param>
/// <param name="Endpoint">Of the incarnation.</param>
/// <param name="Reason">Why.</param>
internal sealed record ExpertLoss(int Shard, string Endpoint, string Reason);
