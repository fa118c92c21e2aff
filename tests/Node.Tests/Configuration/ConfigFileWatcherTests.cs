using System.Diagnostics;
using System.Threading.Channels;
using Grid.Configuration.Reading;
using Grid.Node.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Node.Tests.Configuration;

public sealed class ConfigFileWatcherTests : IDisposable
{
    private const string Valid = "apiVersion: grid/v1\nkind: Grid\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("grid-watch");
    private readonly Channel<ParsedConfig> _seen = Channel.CreateUnbounded<ParsedConfig>();
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private int _failures;

    private string File => Path.Combine(_folder.FullName, "grid.yaml");

    [Fact]
    public async Task RunAsync_WriteThenRename_SeesBothWithinTwoSeconds()
    {
        await WriteAsync(Valid);
        var watch = Watch(Valid);

        var clock = Stopwatch.StartNew();
        await WriteAsync(Valid + "metadata: {name: written}\n");
        Assert.Equal("written", (await NextAsync()).Config!.Name);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 2);

        await System.IO.File.WriteAllTextAsync(File + ".new", Valid + "metadata: {name: renamed}\n", _stop.Token);
        clock.Restart();
        System.IO.File.Move(File + ".new", File, overwrite: true);
        Assert.Equal("renamed", (await NextAsync()).Config!.Name);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 2);
        await _stop.CancelAsync();
        await watch;
    }

    [Fact]
    public async Task RunAsync_TouchedOrInvalid_OnlyNewContentCounts()
    {
        await WriteAsync(Valid);
        var watch = Watch(Valid);

        System.IO.File.SetLastWriteTimeUtc(File, DateTime.UnixEpoch);
        await WriteAsync("nonsense: 1\n");
        var invalid = await NextAsync();
        Assert.Null(invalid.Config);
        Assert.Contains(invalid.Faults,
            fault => fault.ToString().StartsWith("grid.yaml:1:1: nonsense: unknown key", StringComparison.Ordinal));
        await WriteAsync(Valid);
        Assert.NotNull((await NextAsync()).Config);
        await _stop.CancelAsync();
        await watch;
        Assert.False(_seen.Reader.TryRead(out _));
    }

    [Fact]
    public async Task RunAsync_ReceiverThrows_IsAskedAgain()
    {
        _failures = 2;
        var watch = Watch(null);
        await WriteAsync(Valid);

        Assert.NotNull((await NextAsync()).Config);
        Assert.Equal(0, _failures);
        await _stop.CancelAsync();
        await watch;
    }

    public void Dispose()
    {
        _stop.Dispose();
        _folder.Delete(recursive: true);
    }

    private Task Watch(string? known) =>
        new ConfigFileWatcher(File, known, ReceiveAsync, TimeProvider.System, NullLogger.Instance).RunAsync(_stop.Token);

    private async Task ReceiveAsync(ParsedConfig parsed, CancellationToken cancellation)
    {
        if (_failures > 0)
        {
            _failures--;
            throw new InvalidOperationException("away");
        }

        await _seen.Writer.WriteAsync(parsed, cancellation);
    }

    private Task WriteAsync(string text) => System.IO.File.WriteAllTextAsync(File, text, _stop.Token);

    private async Task<ParsedConfig> NextAsync() =>
        await _seen.Reader.ReadAsync(_stop.Token).AsTask().WaitAsync(TimeSpan.FromSeconds(10), _stop.Token);
}
