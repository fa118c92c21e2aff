using Grid.Abstractions;
using Grid.Cli.Tests.Processes;

namespace Grid.Cli.Tests.Up;

public sealed class UpCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("grid-up-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("up", ExitCodes.Usage, "Exactly one of --head and --join")]
    [InlineData("up --head --join 127.0.0.1:1", ExitCodes.Usage, "Exactly one of --head and --join")]
    [InlineData("up --head --token t", ExitCodes.Usage, "can only be used with --join")]
    [InlineData("up --join 127.0.0.1:1 --store redis://127.0.0.1:1/0", ExitCodes.Usage, "can only be used with --head")]
    [InlineData("up --head --store http://127.0.0.1:1", ExitCodes.Usage,
        "--store must be redis[s]://[:PASSWORD@]HOST:PORT/DB; got 'http://127.0.0.1:1'.")]
    [InlineData("up --head --name a/b", ExitCodes.Usage, "--name must be")]
    [InlineData("up --head --label zone", ExitCodes.Usage, "--label must be K=V; got 'zone'.")]
    [InlineData("up --head --device sim:1", ExitCodes.Usage, "--device must be")]
    [InlineData("up --head --bind 0.0.0.0", ExitCodes.Usage, "--allow-anonymous")]
    [InlineData("up --head --config no-such.yaml", ExitCodes.Usage, "--config")]
    [InlineData("up --join 127.0.0.1:1", ExitCodes.Unauthorized, "no join token")]
    [InlineData("up --join 127.0.0.1:1 --token-file no-such-file", ExitCodes.Usage, "--token-file no-such-file cannot be read")]
    [InlineData("gateway --join 127.0.0.1:1 --token nonsense", ExitCodes.Unauthorized, "no join token")]
    [InlineData("gateway", ExitCodes.Usage, "--join")]
    public async Task Up_WhatCannotBe_ExitsWithItsCode(string line, int expected, string words)
    {
        var result = await InProcess.RunAsync([.. line.Split(' '), "--port-base", "0", "--data-dir", _folder]);

        Assert.Equal(expected, result.ExitCode);
        Assert.Contains(words, result.Error);
        Assert.Empty(result.Output);
    }
}
