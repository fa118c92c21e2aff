using Grid.Abstractions.Routing;

namespace Grid.Gateway.Routing;

/// <summary>A model of the table with the states of its ranks.</summary>
internal sealed record ModelRanks(ModelRoute Route, RankState[] Ranks);
