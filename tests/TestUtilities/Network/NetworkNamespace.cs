using System.Diagnostics;

namespace Grid.TestUtilities.Network;

/// <summary>
/// Hosts on one machine: network namespaces on one bridge, each with an address of its own. Linux, as root. The bridge goes with the last
/// of them.
/// </summary>
public sealed class NetworkNamespace : IDisposable
{
    private static readonly string Bridge = $"gtb{Environment.ProcessId % 1_000_000}";
    private static readonly string Subnet = $"10.83.{Environment.ProcessId % 250}";
    private static readonly Lock Gate = new();
    private static int _last, _alive;

    private readonly string _link;
    private bool _disposed;

    private NetworkNamespace(int number)
    {
        Name = $"gridtest-{Environment.ProcessId}-{number}";
        Address = $"{Subnet}.{number + 1}";
        _link = $"gt{Environment.ProcessId % 100000}-{number}";
    }

    /// <summary>For <c>ip netns exec</c>.</summary>
    public string Name { get; }

    /// <summary>What other namespaces and this machine (the subnet's .1) dial.</summary>
    public string Address { get; }

    /// <summary>A new one, or null where this machine does not allow it; <paramref name="reason"/> says why.</summary>
    public static NetworkNamespace? TryCreate(out string? reason)
    {
        lock (Gate)
        {
            var space = new NetworkNamespace(++_last);
            _alive++;
            try
            {
                space.Build();
                reason = null;
                return space;
            }
            catch (Exception fault) when (fault is InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                space.Dispose();
                reason = fault.Message;
                return null;
            }
        }
    }

    /// <summary>The same command inside the namespace.</summary>
    public ProcessStartInfo Inside(ProcessStartInfo command)
    {
        var arguments = command.ArgumentList.ToArray();
        command.ArgumentList.Clear();
        foreach (var argument in (string[])["netns", "exec", Name, command.FileName, .. arguments]) command.ArgumentList.Add(argument);
        command.FileName = "ip";
        return command;
    }

    /// <summary>Cuts the cable, or joins it again.</summary>
    public void SetLink(bool up) => Ip("link", "set", _link, up ? "up" : "down");

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (Gate)
        {
            if (_disposed) return;
            _disposed = true;
            TryIp("netns", "del", Name);
            TryIp("link", "del", _link);
            if (--_alive == 0) TryIp("link", "del", Bridge);
        }
    }

    private void Build()
    {
        if (!TryIp("link", "show", Bridge))
        {
            Ip("link", "add", Bridge, "type", "bridge");
            Ip("addr", "add", $"{Subnet}.1/24", "dev", Bridge);
            Ip("link", "set", Bridge, "up");
        }

        Ip("netns", "add", Name);
        Ip("link", "add", _link, "type", "veth", "peer", "name", "eth0", "netns", Name);
        Ip("link", "set", _link, "master", Bridge, "up");
        Ip("-n", Name, "addr", "add", $"{Address}/24", "dev", "eth0");
        Ip("-n", Name, "link", "set", "eth0", "up");
        Ip("-n", Name, "link", "set", "lo", "up");
    }

    private static bool TryIp(params string[] arguments)
    {
        try
        {
            Ip(arguments);
            return true;
        }
        catch (Exception fault) when (fault is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static void Ip(params string[] arguments)
    {
        using var process =
            Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        _ = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"ip {string.Join(' ', arguments)}: {errors.Trim()}");
    }
}
