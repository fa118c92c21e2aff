using System.Net;
using System.Net.Sockets;
using Grid.Abstractions;
using Grid.Cli.Tests.Processes;

namespace Grid.Cli.Tests.Serve;

public sealed class ServeCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("grid-serve-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("no-such-model", ExitCodes.NotFound, "no-such-model")]
    [InlineData("sim --max-model-len 0", ExitCodes.Usage, "--max-model-len must be")]
    [InlineData("sim --max-logprobs -2", ExitCodes.Usage, "--max-logprobs must be a whole number of at least -1; got '-2'.")]
    [InlineData("sim --bind 0.0.0.0", ExitCodes.Usage, "--allow-anonymous")]
    [InlineData("sim --host example.org", ExitCodes.Usage, "--host must be an IP address")]
    [InlineData("sim --tensor-paralel-size 2", ExitCodes.Usage, "The nearest is --tensor-parallel-size.")]
    [InlineData("sim --distributed-executor-backend ray", ExitCodes.Usage, "grid")]
    [InlineData("sim --shutdown-timeout soon", ExitCodes.Usage, "--shutdown-timeout must be")]
    [InlineData("--config no-such.yaml", ExitCodes.Usage, "--config")]
    [InlineData("sim --label zone", ExitCodes.Usage, "--label must be K=V; got 'zone'.")]
    [InlineData("sim --device gpu", ExitCodes.Usage, "--device must be")]
    [InlineData("sim --server http://127.0.0.1:1 --key-file no-such-file", ExitCodes.Unauthorized, "The admin key cannot be read")]
    [InlineData("guide -tp 3", ExitCodes.Usage, "Total number of attention heads (8) must be divisible by tensor parallel size (3).")]
    [InlineData("guide --enable-expert-parallel", ExitCodes.Usage,
        "Expert parallelism needs a mixture-of-experts model; llama has no experts.")]
    [InlineData("guide --enable-eplb", ExitCodes.Usage, "--enable-eplb needs --enable-expert-parallel.")]
    [InlineData("guide --expert-parallel-size 2", ExitCodes.Usage, "--expert-parallel-size (2) needs --enable-expert-parallel.")]
    [InlineData("guide -tp 2 --collective-timeout 0s", ExitCodes.Usage,
        "--collective-timeout must be a duration above 0s, such as 250ms, 30s, 5m or 1h; got '0s'.")]
    [InlineData("guide --num-gpu-blocks-override 2", ExitCodes.Refused, "The longest length that fits is 32 tokens")]
    public async Task Serve_WhatCannotBe_ExitsWithItsCode(string line, int expected, string words)
    {
        var result = await ServeAsync(line);

        Assert.Equal(expected, result.ExitCode);
        Assert.Contains(words, result.Error);
        Assert.DoesNotContain("tried again", result.Error);
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData("--port")]
    [InlineData("--port-base")]
    public async Task Serve_PortInUse_NamesPortAndFlag(string flag)
    {
        var first = FreeBase();
        var port = flag == "--port" ? first : first + 1;
        using var taken = new TcpListener(IPAddress.Loopback, port);
        taken.Start();

        var result = await ServeAsync($"sim {flag} {first}");

        Assert.Equal(ExitCodes.Failed, result.ExitCode);
        Assert.Contains($"Port {port} on 127.0.0.1 cannot be used ({flag})", result.Error);
    }

    [Fact]
    public async Task Serve_DataFolderThatIsAFile_NamesIt()
    {
        var file = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);

        var result = await InProcess.RunAsync("serve", "sim", "--port-base", "0", "--data-dir", file);

        Assert.Equal(ExitCodes.Failed, result.ExitCode);
        Assert.Contains(file, result.Error);
    }

    /// <summary>The first of eight neighbouring ports that nobody listens on now.</summary>
    private static int FreeBase()
    {
        for (var candidate = 20000; ; candidate += 8)
            if (Enumerable.Range(candidate, 8).All(IsFree)) return candidate;
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private Task<(int ExitCode, string Output, string Error)> ServeAsync(string line)
    {
        string[] ports = line.Contains("--port", StringComparison.Ordinal) ? [] : ["--port-base", "0"];
        return InProcess.RunAsync(["serve", .. line.Split(' '), .. ports, "--data-dir", _folder]);
    }
}
