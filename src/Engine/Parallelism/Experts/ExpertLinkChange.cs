
namespace Grid.Engine.Parallelism.Experts;

/// <summary>A link to an expert shard is broken or cannot be established, or is there again.</summary>
/// <param name="Shard">The number of the shard.</param>
/// <param name="Endpoint">The address of the incarnation.</param>
/// <param name="Reason">Why the shard is lost; null: it is reachable again.</param>
internal sealed record ExpertLinkChange(int Shard, string Endpoint, string? Reason);
