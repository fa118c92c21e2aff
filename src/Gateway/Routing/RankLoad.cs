namespace Grid.Gateway.Routing;

/// <summary>How much a rank has to do: its last report and what this gateway sent it since.</summary>
/// <param name="Requests">That run or wait.</param>
/// <param name="Tokens">Of prompts that are still to be computed.</param>
internal readonly record struct RankLoad(int Requests, long Tokens);
