using System.Net;
using Grid.Silo.Ranks;

namespace Grid.Silo.Access;

/// <summary>What all endpoints of a silo share.</summary>
internal sealed class SiloState(SiloOptions options, RankRegistry ranks, TimeProvider timeProvider)
{
    public SiloOptions Options { get; } = options;

    public RankRegistry Ranks { get; } = ranks;

    public TimeProvider TimeProvider { get; } = timeProvider;

    /// <summary>Whether the caller is a process of the grid: its headers and <c>/internal</c> count.</summary>
    public bool TrustsCaller(HttpContext context) =>
        context.Connection.ClientCertificate is not null
        || (Options.TrustLoopback && context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address));
}
