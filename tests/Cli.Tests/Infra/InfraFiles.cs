using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Grid.Primitives.Units;
using Grid.TestUtilities;
using YamlDotNet.RepresentationModel;

namespace Grid.Cli.Tests.Infra;

/// <summary>The files under infra/ and the command lines of <c>grid</c> in them.</summary>
internal static partial class InfraFiles
{
    public static string Root { get; } = Path.Combine(Fixtures.RepositoryRoot, "infra");

    public static IEnumerable<string> Yaml => Directory.EnumerateFiles(Root, "*.yaml", SearchOption.AllDirectories).Order();

    public static IEnumerable<YamlMappingNode> Containers =>
        Directory.EnumerateFiles(Path.Combine(Root, "k8s"), "*.yaml").Order().SelectMany(YamlNodes.Load)
        .SelectMany(document => document.Items("spec/template/spec/containers").OfType<YamlMappingNode>());

    /// <summary>Every command line.</summary>
    public static IReadOnlyList<GridLine> Lines() => [.. Compose(), .. Kubernetes(), .. Systemd(), .. Docker(), .. Markdown()];

    private static IEnumerable<GridLine> Compose()
    {
        var services = (YamlMappingNode)YamlNodes.Load(Path.Combine(Root, "compose", "compose.yaml"))[0].At("services")!;
        foreach (var (name, service) in services.Children)
        {
            var merged = service.At("<<") ?? service;
            var image = service.Text("image") ?? merged.Text("image") ?? merged.At("<<").Text("image");
            if (image?.StartsWith("grid:", StringComparison.Ordinal) != true) continue;
            var grace = (merged.Text("stop_grace_period") ?? merged.At("<<").Text("stop_grace_period")) is { } text
                && Duration.TryParse(text, out var time) ? time : (TimeSpan?)null;
            if (service.List("entrypoint") is { Length: > 0 })
                yield return GridLine.Of($"compose:{name}", ShellLine(service.List("command")[0]));
            else yield return GridLine.Of($"compose:{name}", service.List("command"), grace);
            if (service.List("healthcheck/test") is ["CMD", "grid", .. var check])
                yield return GridLine.Of($"compose:{name}:healthcheck", check);
        }
    }

    private static IEnumerable<GridLine> Kubernetes()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Root, "k8s"), "*.yaml").Order())
        {
            foreach (var pod in YamlNodes.Load(file).Select(document => document.At("spec/template/spec")))
            {
                var grace = pod.Text("terminationGracePeriodSeconds") is { } seconds
                    ? TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture))
                    : (TimeSpan?)null;
                foreach (var container in pod.Items("containers")
                    .Where(container => container.Text("image")!.StartsWith("grid:", StringComparison.Ordinal)))
                {
                    yield return GridLine.Of(Path.GetFileName(file), container.List("args"), grace);
                    foreach (var probe in container.Items("readinessProbe/exec/command").OfType<YamlScalarNode>()
                        .Where(word => word.Value!.StartsWith("grid ", StringComparison.Ordinal)))
                        yield return GridLine.Of(Path.GetFileName(file), ShellLine(probe.Value!));
                }
            }
        }
    }

    private static IEnumerable<GridLine> Systemd()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Root, "systemd"), "*.service").Order())
        {
            var settings = File.ReadLines(file).Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2)
                .ToLookup(pair => pair[0], pair => pair[1]);
            var command = settings["ExecStart"].Single();
            yield return GridLine.Of(Path.GetFileName(file), command[(command.IndexOf(' ') + 1)..],
                TimeSpan.FromSeconds(int.Parse(settings["TimeoutStopSec"].Single(), CultureInfo.InvariantCulture)));
        }
    }

    private static IEnumerable<GridLine> Docker() =>
        Directory.EnumerateFiles(Path.Combine(Root, "docker")).Order().Select(file => GridLine.Of(
            Path.GetFileName(file),
            JsonSerializer.Deserialize<string[]>(
                File.ReadLines(file).Single(line => line.StartsWith("CMD ", StringComparison.Ordinal))[4..])!));

    private static IEnumerable<GridLine> Markdown() =>
        Directory.EnumerateFiles(Root, "*.md", SearchOption.AllDirectories)
            .SelectMany(
            file => GridInText().Matches(File.ReadAllText(file))
                .Select(match => GridLine.Of(Path.GetFileName(file), match.Groups[1].Value.Trim())));

    /// <summary>grid's part of a shell's line.</summary>
    private static string ShellLine(string line) => line["grid ".Length..].Split('>')[0];

    [GeneratedRegex(@"(?:-- |`)grid ([^`)<\n]+)")]
    private static partial Regex GridInText();
}
