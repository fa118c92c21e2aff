using System.Diagnostics;
using Grid.TestUtilities;

namespace Grid.Silo.Tests.Clients;

/// <summary>The OpenAI client for node: its suite (node/suite.mjs) runs in a process of its own.</summary>
public sealed class NodeClientTests(SharedSilo shared) : IClassFixture<SharedSilo>
{
    private static readonly string Suite = Path.Combine(Fixtures.RepositoryRoot, "tests", "Silo.Tests", "Clients", "node");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Suite_AgainstTheServer_Passes()
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "npm"))))
            Assert.Skip("npm is not on the PATH of this machine.");
        if (!Directory.Exists(Path.Combine(Suite, "node_modules", "openai"))) await RunAsync("npm", "ci", "--no-audit", "--no-fund");

        var output = await RunAsync("node", "--test", "--test-reporter=tap", "suite.mjs");
        Assert.Contains("# pass 12", output, StringComparison.Ordinal);
        Assert.Contains("# fail 0", output, StringComparison.Ordinal);
        await shared.Bed.WaitForAsync(status => status is { Running: 0, Waiting: 0, UsedBlocks: 0 });
    }

    private async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Suite, RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        start.Environment["BASE_URL"] = $"http://{shared.Bed.Server.EndPoint}/v1";
        start.Environment["MODEL"] = "sim";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(Cancellation);
        var output = await process.StandardOutput.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        Assert.True(process.ExitCode == 0,
            $"{program} {string.Join(' ', arguments)} exited with {process.ExitCode}.\n{output}\n{await error}");
        return output;
    }
}
