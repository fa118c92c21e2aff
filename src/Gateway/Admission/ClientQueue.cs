namespace Grid.Gateway.Admission;

/// <summary>The waiting requests of one client, oldest first. Guarded by its waiting room's lock.</summary>
/// <param name="name">The client.</param>
/// <param name="served">The tokens that count as served to it when it begins.</param>
internal sealed class ClientQueue(string name, long served)
{
    public string Name { get; } = name;

    /// <summary>The client's waiting requests.</summary>
    public LinkedList<WaitingRequest> Waiting { get; } = [];

    /// <summary>
    /// Tokens of its admitted requests, those of their prompts and those that they may generate. The client with the fewest is next; one
    /// that comes back has saved nothing up.
    /// </summary>
    public long Served { get; set; } = served;
}
