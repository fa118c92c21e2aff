using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Grid.Abstractions.Grains;
using Grid.Abstractions.Nodes;
using Grid.Grains.Persistence;
using Grid.Grains.Records;
using Grid.Grains.Tests.Persistence;
using Grid.TestUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Serialization;

namespace Grid.Grains.Tests.Contracts;

/// <summary>
/// This version beside the next one, which has a field, a record and a grain method more and runs as a process of its own
/// (tests/NextVersion): nodes are upgraded one by one, so both must understand each other.
/// </summary>
public sealed class TwoVersionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("two-versions").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_BetweenSilosOfBothVersions_AreAnswered()
    {
        int[] ports = FreePorts(4);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleans(silo => silo.UseLocalhostClustering(ports[0], ports[1], null, "two-versions", "two-versions"));
        using var host = builder.Build();
        await host.StartAsync(Cancellation);
        using var next = Start("serve", Text(ports[0]), Text(ports[2]), Text(ports[3]));
        Assert.Equal("joined", await next.StandardOutput.ReadLineAsync(Cancellation));
        var grains = host.Services.GetRequiredService<IGrainFactory>();
        var node = grains.GetGrain(GrainId.Create("next-node", "b")).AsReference<INodeGrain>();

        // This version calls the next, which calls back: it sees no health, and does without the method that is not known here.
        var probe = await node.Probe("a");
        Assert.Equal("text: 1 shards, health not given", probe.Transport);
        Assert.Equal("GetHealth is not known there.", probe.Error);
        // The report went there and comes back with a field and a record that are not known here: the rest is whole.
        Assert.Equivalent(Samples.Of(typeof(NodeReport)), await node.GetReport(), strict: true);

        next.StandardInput.Close();
        await next.WaitForExitAsync(Cancellation);
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task State_OfEitherVersion_IsReadByTheOther()
    {
        await using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = new GridStateSerializer(services.GetRequiredService<Serializer>());
        var (present, next, last) = (Path.Combine(_folder, "present"), Path.Combine(_folder, "next"), Path.Combine(_folder, "last"));
        await File.WriteAllBytesAsync(present, serializer.Serialize(FullState.State()).ToArray(), Cancellation);

        Assert.Equal("no note, epoch 12, 3 plans", await RewriteAsync(present, next, "noted"));
        Assert.Equal("noted, epoch 12, 3 plans", await RewriteAsync(next, last, "again"));
        var state = serializer.Deserialize<GridState>(new BinaryData(await File.ReadAllBytesAsync(last, Cancellation)));
        Assert.Equivalent(FullState.State(), state, strict: true);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<string> RewriteAsync(string from, string to, string note)
    {
        using var process = Start("rewrite", from, to, note);
        var output = await process.StandardOutput.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        Assert.Equal(0, process.ExitCode);
        return output.Trim();
    }

    private static Process Start(params string[] arguments)
    {
        var folder = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        var (framework, configuration) = (Path.GetFileName(folder), Path.GetFileName(Path.GetDirectoryName(folder)!));
        var program =
            Path.Combine(Fixtures.RepositoryRoot, "tests", "NextVersion", "bin", configuration, framework, "Grid.NextVersion.dll");
        return Process.Start(
            new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileName(path) == "dotnet" ? path : "dotnet",
            [program, .. arguments])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
    }

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners) listener.Start();
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        foreach (var listener in listeners) listener.Stop();
        return ports;
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
