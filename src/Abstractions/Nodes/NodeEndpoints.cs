namespace Grid.Abstractions.Nodes;

/// <summary>Where a live process answers: the content of <c>endpoints.json</c> in its data folder.</summary>
/// <param name="Name">The name of the node.</param>
/// <param name="Pid">The id of the process.</param>
/// <param name="Roles">Its roles, of head, silo, gateway and store.</param>
/// <param name="Http">Base URL of the OpenAI API.</param>
/// <param name="Admin">Base URL of the admin API.</param>
/// <param name="SiloHttp">Base URL of the silo's own API.</param>
/// <param name="Join">HOST:PORT that other nodes join.</param>
public sealed record NodeEndpoints(string Name, int Pid, IReadOnlyList<string> Roles, string Http, string Admin, string SiloHttp,
    string Join);
