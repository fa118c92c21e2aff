using System.Diagnostics;
using Grid.TestUtilities.Network;

namespace Grid.Cluster.Tests.Network;

public sealed class NetworkNamespaceTests
{
    [Fact]
    public async Task TryCreate_Two_HaveAddressesOfTheirOwn()
    {
        using var first = NetworkNamespace.TryCreate(out var reason);
        Assert.SkipWhen(first is null, $"Network namespaces are not allowed here: {reason}");
        using var second = NetworkNamespace.TryCreate(out reason);
        Assert.NotNull(second);
        Assert.Contains(first!.Address, await RunAsync(first, "ip", "-4", "addr"));
        Assert.DoesNotContain(second.Address, await RunAsync(first, "ip", "-4", "addr"));
        Assert.Contains("dev eth0", await RunAsync(first, "ip", "route", "get", second.Address));
        first.SetLink(up: false);
        first.SetLink(up: true);
    }

    private static async Task<string> RunAsync(NetworkNamespace space, string program, params string[] arguments)
    {
        using var process = Process.Start(space.Inside(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true }))!;
        var text = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        return text;
    }
}
