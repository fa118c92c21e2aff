using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Grid.Engine.Planning;

namespace Grid.Cli.Devices;

/// <summary>Asks the driver's own tool, which needs no CUDA build of the tensor library.</summary>
internal static partial class NvidiaSmi
{
    private const string Host = "localhost";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The devices, or null where there is no driver.</summary>
    public static NvidiaDevices? FindDevices() =>
        Run("--query-gpu=name,memory.total --format=csv,noheader,nounits") is { } list ? Parse(list, Run("topo -m") ?? "") : null;

    /// <summary>Reads what the tool prints.</summary>
    /// <param name="list">Lines of name and MiB.</param>
    /// <param name="topology">The matrix of links.</param>
    public static NvidiaDevices Parse(string list, string topology)
    {
        var rows = list.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.Split(',', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length == 2 && long.TryParse(cells[1], CultureInfo.InvariantCulture, out _)).ToArray();
        var devices = rows.Select(
            (cells, index) => new InventoryDevice(Host, DeviceId.Cuda(index), long.Parse(cells[1], CultureInfo.InvariantCulture) << 20));
        return new NvidiaDevices([.. rows.Select(cells => cells[0])], new InventoryNode(Host, [.. devices]), Link().IsMatch(topology));
    }

    private static string? Run(string arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo("nvidia-smi", arguments) { RedirectStandardOutput = true, RedirectStandardError = true });
            if (process is null) return null;
            var output = process.StandardOutput.ReadToEndAsync();
            if (process.WaitForExit(Patience)) return process.ExitCode == 0 ? output.GetAwaiter().GetResult() : null;
            process.Kill();
            return null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    [GeneratedRegex(@"\bNV\d+\b")]
    private static partial Regex Link();
}
