using System.Diagnostics;
using System.Globalization;
using Grid.Abstractions.Http;
using Grid.Abstractions.Nodes;
using Grid.Configuration.Reading;
using Grid.Primitives.Units;
using YamlDotNet.RepresentationModel;

namespace Grid.Cli.Tests.Infra;

public sealed class InfraTests
{
    private static readonly PortLayout Ports = new(PortLayout.DefaultBase);

    [Fact]
    public void Yaml_EveryFile_Parses() => Assert.All(InfraFiles.Yaml, file => Assert.NotEmpty(YamlNodes.Load(file)));

    [Fact]
    public void Lines_Every_AreTakenByTheParser()
    {
        var lines = InfraFiles.Lines();

        Assert.True(lines.Count >= 20, $"{lines.Count} command lines were found");
        Assert.All(lines, line => Assert.True(line.Faults().Count == 0, $"{line}: {string.Join(' ', line.Faults())}"));
        Assert.NotEmpty(GridLine.Of("x", "up --hed").Faults());
    }

    [Fact]
    public void Lines_Join_GoToTheJoinPort() =>
        Assert.All(InfraFiles.Lines().Select(line => line.Flag("--join")).OfType<string>(),
        address => Assert.EndsWith($":{Ports.Join}", address));

    [Fact]
    public void Lines_ShutdownTimeout_EndsBeforeTheKill()
    {
        var served = InfraFiles.Lines().Where(line => line.Grace is not null).ToArray();

        Assert.True(served.Length >= 8, $"{served.Length} lines have a grace period");
        Assert.All(served, line =>
        {
            Assert.True(Duration.TryParse(line.Flag("--shutdown-timeout"), out var drain), line.ToString());
            Assert.True(line.Grace >= drain + TimeSpan.FromSeconds(20), $"{line} is killed after {line.Grace}");
        });
    }

    [Fact]
    public void Kubernetes_PortsAndProbes_AreTheProducts()
    {
        var known = new Dictionary<string, int>
        {
            ["http"] = Ports.Http, ["admin"] = Ports.Admin, ["silo"] = Ports.SiloHttp,
            ["orleans"] = Ports.Base + 3, ["clients"] = Ports.Base + 4, ["data"] = Ports.Base + 5, ["join"] = Ports.Join
        };
        var probes = 0;
        foreach (var container in InfraFiles.Containers.Where(container => container.Text("name") == "grid"))
        {
            var ports = container.Items("ports")
                .ToDictionary(port => port.Text("name")!, port => int.Parse(port.Text("containerPort")!, CultureInfo.InvariantCulture));
            Assert.All(ports, port => Assert.Equal(known[port.Key], port.Value));
            foreach (var (name, path) in (ValueTuple<string, string>[])[("livenessProbe", ProbePaths.Live),
                ("readinessProbe", ProbePaths.Ready)])
            {
                var probe = container.At(name);
                Assert.NotNull(probe);
                if ((probe.Text("httpGet/port") ?? probe.Text("tcpSocket/port")) is { } port)
                    Assert.Contains(int.Parse(port, CultureInfo.InvariantCulture), ports.Values);
                if (probe.At("httpGet") is null) continue;
                probes++;
                Assert.Equal((path, Ports.Http),
                    (probe.Text("httpGet/path"), int.Parse(probe.Text("httpGet/port")!, CultureInfo.InvariantCulture)));
            }
        }

        Assert.True(probes >= 3);
    }

    [Fact]
    public void Kubernetes_Budgets_NameWorkloadsThatAreThere()
    {
        var documents = Directory.EnumerateFiles(Path.Combine(InfraFiles.Root, "k8s"), "*.yaml").SelectMany(YamlNodes.Load).ToArray();
        var labels = documents.Select(document => document.Text("spec/template/metadata/labels/app")).Where(label => label is not null)
            .ToHashSet();
        var budgets = documents.Where(document => document.Text("kind") == "PodDisruptionBudget").ToArray();

        Assert.Equal(["grid-gateway", "grid-silo", "grid-silo-gpu"],
            budgets.Select(budget => budget.Text("spec/selector/matchLabels/app")).Order());
        Assert.All(budgets, budget => Assert.Contains(budget.Text("spec/selector/matchLabels/app"), labels));
        Assert.All(documents.Where(document => document.Text("kind") == "Service"),
            service => Assert.Contains(service.Text("spec/selector/app"), labels));
        Assert.All(documents.Where(document => document.At("spec/template") is not null), workload =>
            Assert.Equal(workload.Text("spec/selector/matchLabels/app"), workload.Text("spec/template/metadata/labels/app")));
    }

    [Fact]
    public void Kubernetes_GpuSilo_LocksMemoryAndSharesIt()
    {
        var pod = YamlNodes.Load(Path.Combine(InfraFiles.Root, "k8s", "silo-gpu.yaml"))
            .Single(document => document.Text("kind") == "StatefulSet").At("spec/template/spec")!;
        var container = pod.Items("containers").Single();

        Assert.Equal(["IPC_LOCK"], container.List("securityContext/capabilities/add"));
        Assert.Equal(container.List("args").Count(word => word.StartsWith("cuda:", StringComparison.Ordinal)),
            int.Parse(Gpus(container), CultureInfo.InvariantCulture));
        var volume = container.Items("volumeMounts").Single(mount => mount.Text("mountPath") == "/dev/shm").Text("name");
        Assert.Equal("Memory", pod.Items("volumes").Single(candidate => candidate.Text("name") == volume).Text("emptyDir/medium"));
    }

    [Fact]
    public void Compose_GridFile_IsValidAndTwoGatewaysThreeSilosServe()
    {
        Assert.Empty(GridConfigParser.ParseFile(Path.Combine(InfraFiles.Root, "compose", "grid.yaml")).Faults);
        var lines = InfraFiles.Lines().Where(line => line.File.StartsWith("compose:", StringComparison.Ordinal)).ToArray();
        Assert.Equal(3, lines.Count(line => line.Arguments[0] == "up"));
        Assert.Equal(2, lines.Count(line => line.Arguments[0] == "gateway" || line.Arguments.Contains("--head")));
    }

    [Fact]
    public void Prometheus_Target_IsTheGatewaysMetrics()
    {
        var job = YamlNodes.Load(Path.Combine(InfraFiles.Root, "observability", "prometheus.yaml"))[0].Items("scrape_configs").Single();

        Assert.Equal($"127.0.0.1:{Ports.Http}", job.Items("static_configs").Single().List("targets").Single());
        Assert.Equal("/metrics", job.Text("metrics_path"));
    }

    [Theory]
    [InlineData("--head", "up --head")]
    [InlineData("--worker", "up --join 10.0.0.1:8007")]
    public async Task RunCluster_Role_StartsAContainerWithALineThatParses(string role, string expected)
    {
        var (code, output) = await RunClusterAsync("grid:cpu", "10.0.0.1", role, Path.GetTempPath(), "-e", "GRID_HOST_IP=10.0.0.2");

        Assert.Equal(0, code);
        var words = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("run", words[0]);
        Assert.Contains("GRID_HOST_IP=10.0.0.2", words);
        var line = GridLine.Of("run_cluster.sh", words[(Array.IndexOf(words, "grid:cpu") + 1)..]);
        Assert.StartsWith($"run_cluster.sh: grid {expected}", line.ToString());
        Assert.Empty(line.Faults());
        Assert.True(Duration.TryParse(line.Flag("--shutdown-timeout"), out var drain));
        Assert.True(int.Parse(words[Array.IndexOf(words, "--stop-timeout") + 1], CultureInfo.InvariantCulture) >= drain.TotalSeconds + 20);
    }

    [Theory]
    [InlineData("grid:cpu", "10.0.0.1", "--both", "/tmp")]
    [InlineData("grid:cpu", "10.0.0.1", "--head", "/no/such/folder")]
    [InlineData("grid:cpu", "10.0.0.1", "--head")]
    public async Task RunCluster_WrongUse_IsTwo(params string[] arguments) => Assert.Equal(2, (await RunClusterAsync(arguments)).Code);

    private static string Gpus(YamlNode container) =>
        ((YamlMappingNode)container.At("resources/limits")!).Children.Single(
        pair => ((YamlScalarNode)pair.Key).Value == "nvidia.com/gpu").Value.ToString();

    /// <summary>Runs the script with a docker that prints its arguments, one a line.</summary>
    private static async Task<(int Code, string Output)> RunClusterAsync(params string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("grid-docker-");
        try
        {
            var docker = Path.Combine(folder.FullName, "docker");
            await File.WriteAllTextAsync(docker, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n", TestContext.Current.CancellationToken);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(docker, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            var start = new ProcessStartInfo("bash",
                [Path.Combine(InfraFiles.Root, "run_cluster.sh"), .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true
            };
            start.Environment["PATH"] = $"{folder.FullName}:{Environment.GetEnvironmentVariable("PATH")}";
            using var process = Process.Start(start)!;
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, output);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
