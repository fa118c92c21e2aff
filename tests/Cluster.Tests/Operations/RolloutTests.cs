using System.Buffers.Binary;
using Grid.TestUtilities;
using Grid.TestUtilities.Load;

namespace Grid.Cluster.Tests.Operations;

/// <summary>New files of a model under load, with the real engine.</summary>
[Collection("processes")]
public sealed class RolloutTests
{
    private const int Prompts = 12;
    private const int Tokens = 32;

    [Fact]
    public async Task Edit_AnotherModelFolder_NoRequestFailsOrMixesVersions()
    {
        await using var grid = await OperationsGrid.StartAsync(
            "- {name: next, source: new, replicas: 1}\n- {name: guide, source: old, replicas: 2}", "cpu:1GiB", ["b"], MakeFolders);
        await grid.WaitForAsync("next", "Ready", 1);
        await grid.WaitForAsync("guide", "Ready", 2);
        var before = await RecordAsync(grid, "guide");
        var after = await RecordAsync(grid, "next");
        Assert.All(before.Zip(after), pair => Assert.NotEqual(pair.First.Tokens, pair.Second.Tokens));

        await using var load = grid.Load(Requests("guide"), 4);
        await OperationsGrid.WaitForStreamsAsync(load, 2);
        grid.Edit("- {name: next, source: new, replicas: 1}\n- {name: guide, source: new, replicas: 2}");
        await OperationsGrid.WaitForAsync(
            async () =>
            (await grid.Bed.AdminAsync("a", "/admin/v1/operations")).ToString().Contains("\"Rollout\"", StringComparison.Ordinal),
                "the rollout has begun");
        await grid.VerbAsync("rollout status guide --timeout 60s");
        var told = load.Outcomes.Count;
        await OperationsGrid.WaitForAsync(() => Task.FromResult(load.Outcomes.Count > told + 8), "answers of the new version came");

        var report = await grid.EndAsync(load, "rollout to another folder");
        var old = report.Outcomes.Count(outcome => outcome.Answer!.Tokens.SequenceEqual(before[outcome.Number % Prompts].Tokens));
        var fresh = report.Outcomes.Count(outcome => outcome.Answer!.Tokens.SequenceEqual(after[outcome.Number % Prompts].Tokens));
        OperationsGrid.Tell($"{old} answers of the old version, {fresh} of the new one, {report.Sent - old - fresh} of neither");
        Assert.Equal(report.Sent, old + fresh);
        Assert.True(old > 0 && fresh > 0, "void: only one version answered");
    }

    private static Func<int, LoadRequest> Requests(string model) => number =>
        LoadRequests.Make(model, $"How do I drain node {number % Prompts}?", Tokens, isChat: true, isStream: number % 4 != 3, null);

    private static async Task<ExpectedAnswer[]> RecordAsync(OperationsGrid grid, string model)
    {
        var report =
            await LoadDriver.RunAsync(new LoadSettings { Gateways = grid.Gateways, Requests = Requests(model), Concurrency = 4 }, Prompts);
        Assert.True(report.Failed == 0, report.Tell(0, TimeSpan.Zero));
        return [.. report.Outcomes.OrderBy(outcome => outcome.Number).Select(outcome => outcome.Answer!)];
    }

    /// <summary>The guide, and the guide with some weights of the other sign.</summary>
    private static void MakeFolders(OperationsGrid grid)
    {
        var guide = Fixtures.Model("guide");
        foreach (var name in new[] { "old", "new" })
        {
            var folder = Directory.CreateDirectory(grid.Bed.Folder(name)).FullName;
            foreach (var file in Directory.EnumerateFiles(guide)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        var path = Directory.EnumerateFiles(grid.Bed.Folder("new"), "*.safetensors").First();
        var bytes = File.ReadAllBytes(path);
        var data = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        for (var at = data + ((bytes.Length - data) / 2); at < data + ((bytes.Length - data) * 3 / 4); at++)
            if (at % 2 == 1) bytes[at] ^= 0x80;
        File.WriteAllBytes(path, bytes);
    }
}
