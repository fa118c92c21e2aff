using System.Globalization;
using Grid.Abstractions.Nodes;

namespace Grid.Cli.Doctor;

/// <summary>Judges what nodes measured of their links.</summary>
internal static class LinkChecks
{
    // What a pipeline stage wants: a step sends a row of hidden states a sequence, and takes some milliseconds.
    private const double MaxMicroseconds = 1000;
    private const double MinGigabytesPerSecond = 0.1;

    /// <summary>A row of one measurement.</summary>
    public static DoctorCheck Judge(ProbeView probe)
    {
        var (check, target) = probe.From == probe.To ? ("devices", probe.From) : ("link", Pair(probe.From, probe.To));
        if (probe.Error is { } error) return DoctorCheck.Fail(check, target, error);
        if (probe is not { RoundTripMicroseconds: { } time, GigabytesPerSecond: { } speed })
            return DoctorCheck.Ok(check, target, $"{probe.Transport}: {Unmeasured(probe.Transport)}");
        var detail = string.Create(CultureInfo.InvariantCulture, $"{probe.Transport}, round trip {time:0.#} us, {speed:0.##} GB/s");
        return time <= MaxMicroseconds && speed >= MinGigabytesPerSecond
            ? DoctorCheck.Ok(check, target, detail)
            : DoctorCheck.Warn(check, target, string.Create(
            CultureInfo.InvariantCulture,
            $"{detail}: slow. Shards of one rank want a round trip of at most {MaxMicroseconds} us and at least "
                + $"{MinGigabytesPerSecond} GB/s (1 Gb/s Ethernet has 0.12); use a nearer node or a faster network."));
    }

    /// <summary>A pair that was not reached in time.</summary>
    public static DoctorCheck Skipped(string from, string to, TimeSpan deadline) =>
        DoctorCheck.Warn("link", Pair(from, to),
        string.Create(CultureInfo.InvariantCulture, $"not measured: the pairs before it took all of {deadline.TotalSeconds:0} s"));

    /// <summary>A pair of which nothing could be learned.</summary>
    public static DoctorCheck Failed(string from, string to, string reason) => Judge(ProbeView.Of(from, to, LinkSpeed.Failed(reason)));

    private static string Pair(string from, string to) => $"{from} -> {to}";

    private static string Unmeasured(string? transport) =>
        transport == "NCCL" ? "it chooses the way; run with NCCL_DEBUG=INFO and give its log as --nccl-log" : "no bytes move";
}
