using System.Globalization;

namespace Grid.TestUtilities.Waiting;

/// <summary>A machine whose cores are wanted by others gives a test a part of its time only.</summary>
public static class BusyMachine
{
    private const double MostTimes = 6;

    /// <summary>A limit for an idle machine, times the number of processes that now want each core; at most six times.</summary>
    public static TimeSpan Stretch(TimeSpan limit) => limit * Math.Clamp(Load() / Environment.ProcessorCount, 1, MostTimes);

    // The mean of the last minute: a busy moment counts little, and a machine that becomes busy during a wait counts more and more.
    private static double Load() => File.Exists("/proc/loadavg")
        ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture)
        : 0;
}
