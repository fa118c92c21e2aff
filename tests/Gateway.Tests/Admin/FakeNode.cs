using Grid.Abstractions.Grains;
using Grid.Abstractions.Nodes;

namespace Grid.Gateway.Tests.Admin;

/// <summary>A node of plain memory: every link is fast unless told otherwise.</summary>
internal sealed class FakeNode : INodeGrain
{
    public static readonly LinkSpeed Fast = new("TCP with mutual TLS", 85.25, 1.234, null);

    /// <summary>By what is dialled; empty: the node's own devices.</summary>
    public Dictionary<string, LinkSpeed> Links { get; } = new() { [""] = new LinkSpeed("shared memory", 0.5, 8, null) };

    public ModelFiles[] Files { get; set; } = [];

    /// <summary>Thrown by every call while set.</summary>
    public Exception? Trouble { get; set; }

    public Task<NodeReport> GetReport() => Answer(new NodeReport(
        "", "", 1, "", new NodeFacts([], "", 1, "", "", [], [], "", "", FakeGrid.Start), false, null, [], [], Files, [], 0));

    public Task<LinkSpeed> Probe(string? endPoint) => Answer(Links.GetValueOrDefault(endPoint ?? "", Fast));

    private Task<T> Answer<T>(T answer) => Trouble is { } trouble ? Task.FromException<T>(trouble) : Task.FromResult(answer);
}
