using System.Text.Json.Nodes;
using Grid.Abstractions;
using Grid.Abstractions.Nodes;
using Grid.Cli.Tests.Operators;
using Grid.Cli.Tests.Processes;

namespace Grid.Cli.Tests.Doctor;

public sealed class DoctorCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("grid-doctor-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Doctor_AGoodModel_IsOkInEveryRow()
    {
        var (code, output, error) = await InProcess.RunAsync("doctor", "model", "guide", "-o", "json");

        Assert.True(code == ExitCodes.Done, error + output);
        var rows = JsonNode.Parse(output)!.AsArray();
        Assert.Equal(["config", "tokenizer", "weights", "checksum"], rows.Select(row => (string)row!["check"]!));
        Assert.All(rows, row =>
        {
            Assert.Equal(["check", "target", "status", "detail"], row!.AsObject().Select(pair => pair.Key));
            Assert.Equal("ok", (string)row["status"]!);
        });
    }

    [Fact]
    public async Task Doctor_AModelWithoutTokenizerAndAShortFile_FailsWithTheirRows()
    {
        var guide = Path.Combine(AppContext.BaseDirectory, "models", "guide");
        File.Copy(Path.Combine(guide, "config.json"), Path.Combine(_folder, "config.json"));
        await File.WriteAllBytesAsync(Path.Combine(_folder, "model.safetensors"),
            (await File.ReadAllBytesAsync(Path.Combine(guide, "model.safetensors"), TestContext.Current.CancellationToken))[..^100],
            TestContext.Current.CancellationToken);

        var (code, output, _) = await InProcess.RunAsync("doctor", "model", _folder, "-o", "json");

        Assert.Equal(ExitCodes.Failed, code);
        var rows = JsonNode.Parse(output)!.AsArray().ToDictionary(row => (string)row!["check"]!, row => row!);
        Assert.Equal("ok", (string)rows["config"]["status"]!);
        Assert.Equal("fail", (string)rows["tokenizer"]["status"]!);
        Assert.Equal("fail", (string)rows["weights"]["status"]!);
        Assert.Contains("truncated", (string)rows["weights"]["detail"]!);
    }

    [Fact]
    public async Task Doctor_ABlobThatIsNotWhatTheHubHas_Fails()
    {
        var blobs = Directory.CreateDirectory(Path.Combine(_folder, "blobs"));
        var blob = Path.Combine(blobs.FullName, new string('0', 64));
        File.Copy(Path.Combine(AppContext.BaseDirectory, "models", "guide", "model.safetensors"), blob);
        File.Copy(Path.Combine(AppContext.BaseDirectory, "models", "guide", "config.json"), Path.Combine(_folder, "config.json"));
        File.CreateSymbolicLink(Path.Combine(_folder, "model.safetensors"), blob);

        var (code, output, _) = await InProcess.RunAsync("doctor", "model", _folder);

        Assert.Equal(ExitCodes.Failed, code);
        Assert.Matches(@"checksum +model.safetensors +fail .*pull it again", output);
    }

    [Fact]
    public async Task Doctor_NoGrid_Warns()
    {
        var (code, output, _) = await InProcess.RunAsync("doctor", "net", "--data-dir", _folder);

        Assert.Equal(ExitCodes.Done, code);
        Assert.Matches(@"grid +localhost +warn +No grid is running", output);
    }

    [Fact]
    public async Task Doctor_ARunningGrid_TellsOfAdminStoreGatewaysAndNodes()
    {
        await using var admin = await FakeAdmin.StartAsync();

        var (_, output, error) = await admin.RunAsync("doctor", "net");

        Assert.Matches(@"admin +http://127\.0\.0\.1:\d+/ +ok +grid \w+, \d of \d nodes ready", output + error);
        Assert.Matches(@"node +a +ok +Ready", output);
    }

    [Fact]
    public async Task Doctor_NodesOfARunningGrid_TellOfTheirFilesAndLinks()
    {
        await using var admin = await FakeAdmin.StartAsync();
        var same = new ModelFiles("models/guide", "sha256:11", 1, 1, 1, null);
        admin.Grid.Hosts["a"].Files = [same, new("models/other", "sha256:22", 1, 1, 1, null),
            new("models/third", "sha256:33", 1, 1, 1, null)];
        admin.Grid.Hosts["b"].Files = [same, new("models/other", "sha256:44", 1, 1, 1, null),
            new("models/third", null, 0, 0, 0, "There is no folder models/third.")];
        admin.Grid.Hosts["b"].Links["10.0.0.1:8005"] = new LinkSpeed("TCP with mutual TLS", 2500, 0.01, null);

        var (code, output, _) = await admin.RunAsync("doctor", "net");

        Assert.Equal(ExitCodes.Failed, code);
        Assert.Matches(@"files +models/guide +ok +sha256:11 on a, b", output);
        Assert.Matches(@"files +models/other on b +fail +sha256:44, and sha256:22 on a", output);
        Assert.Matches(@"files +models/third on b +fail +There is no folder models/third", output);
        Assert.Matches(@"devices +a +ok +shared memory, round trip 0\.5 us, 8 GB/s", output);
        Assert.Matches(@"link +a -> b +ok +TCP with mutual TLS, round trip 85\.3 us, 1\.23 GB/s", output);
        Assert.Matches(
            @"link +b -> a +warn +TCP with mutual TLS, round trip 2500 us, 0\.01 GB/s: slow\. .* at most 1000 us and at least 0\.1 GB/s",
            output);
    }

    [Fact]
    public async Task Doctor_ANodeThatCannotBeReached_FailsWithTheReason()
    {
        await using var admin = await FakeAdmin.StartAsync();
        admin.Grid.Hosts["a"].Links["10.0.0.2:8005"] = LinkSpeed.Failed("10.0.0.2:8005: Connection refused");
        admin.Grid.Hosts["b"].Trouble = new TimeoutException("no answer in 5 s");

        var (code, output, _) = await admin.RunAsync("doctor", "net");

        Assert.Equal(ExitCodes.Failed, code);
        Assert.Matches(@"link +a -> b +fail +10\.0\.0\.2:8005: Connection refused", output);
        Assert.Matches(@"files +b +fail +Node b does not answer", output);
        Assert.DoesNotContain("b -> a", output);
    }

    [Fact]
    public async Task Doctor_AGridThatIsGone_Fails()
    {
        string folder;
        await using (var admin = await FakeAdmin.StartAsync())
        {
            folder = _folder;
            File.Copy(admin.KeyFile, Path.Combine(folder, "admin.key"));
            File.Copy(Path.Combine(admin.Folder, "endpoints.json"), Path.Combine(folder, "endpoints.json"));
        }

        var (code, output, _) = await InProcess.RunAsync("doctor", "net", "--data-dir", folder);

        Assert.Equal(ExitCodes.Failed, code);
        Assert.Matches(@"admin +http://\S+ +fail", output);
    }

    [Fact]
    public async Task Doctor_ANcclLog_TellsOfTransports()
    {
        var log = Path.Combine(_folder, "nccl.log");
        await File.WriteAllTextAsync(log, "a:1:2 [0] NCCL INFO Channel 00/0 : 0[0] -> 8[0] [send] via NET/Socket/0\n",
            TestContext.Current.CancellationToken);

        var (code, output, _) = await InProcess.RunAsync("doctor", "net", "--data-dir", _folder, "--nccl-log", log);

        Assert.Equal(ExitCodes.Done, code);
        Assert.Matches(@"nccl-transport +rank 0 -> rank 8 +warn +NET/Socket/0", output);
    }

    [Theory]
    [InlineData("doctor nets", ExitCodes.Usage, "TOPIC must be one of env, model, net; got 'nets'.")]
    [InlineData("doctor env guide", ExitCodes.Usage, "'grid doctor env' takes no MODEL")]
    [InlineData("doctor env --nccl-log no-such-file", ExitCodes.NotFound, "--nccl-log cannot be read")]
    public async Task Doctor_WhatCannotBe_ExitsWithItsCode(string line, int expected, string words)
    {
        var (code, _, error) = await InProcess.RunAsync(line.Split(' '));

        Assert.Equal(expected, code);
        Assert.Contains(words, error);
    }
}
