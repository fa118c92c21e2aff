using System.Globalization;
using System.Text.RegularExpressions;

namespace Grid.Cli.Doctor;

/// <summary>Reads what NCCL writes with <c>NCCL_DEBUG=INFO</c> or <c>TRACE</c>: its version, and how ranks are connected.</summary>
/// <param name="Version">The version; null if the log does not name it.</param>
/// <param name="Transports">The transports, sorted by ranks, then by transport.</param>
internal sealed partial record NcclLog(string? Version, IReadOnlyList<NcclTransport> Transports)
{
    /// <summary>Reads lines of any number of processes, in any order.</summary>
    public static NcclLog Parse(IEnumerable<string> lines)
    {
        string? version = null;
        var channels = new Dictionary<(int From, int To, string Via), int>();
        foreach (var line in lines)
        {
            if (VersionForm().Match(line) is { Success: true } found) version ??= found.Groups["version"].Value;
            if (ChannelForm().Match(line) is not { Success: true } match) continue;
            // A connection over the network is logged at both ends.
            if (match.Groups["end"].Value == "receive") continue;
            var key = (Rank(match.Groups["from"]), Rank(match.Groups["to"]), match.Groups["via"].Value);
            channels[key] = channels.GetValueOrDefault(key) + 1;
        }

        return new NcclLog(version, [.. channels
            .Select(pair => new NcclTransport(pair.Key.From, pair.Key.To, pair.Key.Via, pair.Value))
            .OrderBy(transport => transport.From).ThenBy(transport => transport.To)
            .ThenBy(transport => transport.Via, StringComparer.Ordinal)]);
    }

    /// <summary>A row for each connection: InfiniBand with GPUDirect RDMA and links between peers are well, a raw socket is slow.</summary>
    public IEnumerable<DoctorCheck> Checks(string source)
    {
        if (Version is not null) yield return DoctorCheck.Ok("nccl-log", source, $"NCCL version {Version}");
        if (Transports.Count == 0)
            yield return DoctorCheck.Warn("nccl-log", source,
                "no line names a transport: run with NCCL_DEBUG=INFO or TRACE and wait until the ranks are connected.");
        foreach (var transport in Transports)
        {
            var (status, meaning) = Judge(transport.Via);
            var channels = transport.Channels == 1
                ? "1 channel"
                : string.Create(CultureInfo.InvariantCulture, $"{transport.Channels} channels");
            yield return new DoctorCheck("nccl-transport", $"rank {transport.From} -> rank {transport.To}", status,
                $"{transport.Via}, {channels}: {meaning}");
        }
    }

    private static (CheckStatus Status, string Meaning) Judge(string via) => via switch
    {
        _ when via.StartsWith("P2P", StringComparison.Ordinal) => (CheckStatus.Ok, "GPU to GPU"),
        _ when via.StartsWith("NET/", StringComparison.Ordinal) && via.Contains("GDRDMA", StringComparison.Ordinal) =>
            (CheckStatus.Ok, "network with GPUDirect RDMA"),
        _ when via.StartsWith("NET/IB", StringComparison.Ordinal) =>
            (CheckStatus.Warn, "InfiniBand without GPUDirect RDMA, through host memory: allow IPC_LOCK and load nvidia-peermem"),
        _ when via.StartsWith("NET/Socket", StringComparison.Ordinal) =>
            (CheckStatus.Warn,
            "a TCP socket, which is slow for tensor parallelism over nodes: use InfiniBand (NCCL_IB_HCA), or pipeline parallelism over "
                + "nodes"),
        _ when via.StartsWith("SHM", StringComparison.Ordinal) =>
            (CheckStatus.Warn, "through shared host memory: these GPUs cannot reach each other directly"),
        _ => (CheckStatus.Ok, "another network"),
    };

    private static int Rank(Group group) => int.Parse(group.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"NCCL version (?<version>\d[\w.+-]*)")]
    private static partial Regex VersionForm();

    [GeneratedRegex(@"(?<from>\d+)\[\w+\] -> (?<to>\d+)\[\w+\](?: \[(?<end>send|receive)\])? via (?<via>[\w/.()-]+)")]
    private static partial Regex ChannelForm();
}
