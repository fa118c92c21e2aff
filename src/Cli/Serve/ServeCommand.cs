using System.CommandLine;
using System.Net;
using Grid.Cli.CommandLine;
using Grid.Cli.Loading;
using Grid.Cli.Options;
using Grid.Cli.Up;
using Grid.Node.Options;
using Grid.Node.Processes;

namespace Grid.Cli.Serve;

/// <summary><c>grid serve [MODEL]</c>.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var model = new Argument<string?>(
            "MODEL")
        {
            Description = "Folder, GGUF file, ORG/NAME in the hub's cache, or sim [default: the embedded guide]",
            Arity = ArgumentArity.ZeroOrOne
        };
        var server = new ServerFlags();
        var engine = new EngineFlags();
        var node = new NodeFlags();
        var verb = new Verb("serve", "Serve a model over HTTP with the OpenAI API")
        {
            Examples =
            [
                ("grid serve", "the embedded guide at http://127.0.0.1:8000, by the name guide"),
                ("grid serve ./SmolLM2 --served-model-name smol --max-model-len 4k", "a model's folder"),
                ("grid serve ./model.Q4_K_M.gguf --kv-cache-memory-bytes 2GiB", "a GGUF file"),
                ("grid serve HuggingFaceTB/SmolLM2-135M-Instruct", "a model that 'grid pull' fetched"),
                ("grid serve --host 0.0.0.0 --api-key SECRET", "listen for other machines"),
                ("grid serve --config grid.yaml", "serve the models of a file, which is watched for changes"),
                ("grid serve sim --port-base 0 --data-dir d", "serve a simulated model on free ports, which d/endpoints.json lists"),
                ("grid serve ./SmolLM2 --server http://10.0.0.1:8001 --key-file admin.key",
                    "deploy to a running grid instead of starting a server"),
                ("curl http://127.0.0.1:8000/v1/models", "list served models; /readyz returns 200 when ready"),
            ],
            Variables =
            [
                ("GRID_API_KEY", "an additional API key for clients"),
                ("GRID_DATA_DIR", "the data folder, if --data-dir is not given"),
                ("VLLM_CPU_KVCACHE_SPACE", "size of the KV cache on CPU, in GiB"),
                ("HF_HOME, HF_HUB_CACHE", "location of pulled models"),
                ("NO_COLOR", "disable colours and progress bars"),
            ],
        };
        verb.Add(model);
        verb.Add(server.ModelOptions);
        verb.Add(server.Options);
        verb.Add(engine.Options);
        verb.Add(node.Member);
        verb.Add([node.Config]);
        verb.SetAction(async result =>
        {
            using var interruption = new Interruption();
            if (Deployment.FindGrid(result, server, Environment.GetEnvironmentVariable) is { } grid)
                return await new Deployment(result, result.GetValue(model), server.ServedNames(result), engine.ReadKeys(result))
                    .RunAsync(grid, interruption);
            var name = result.GetValue(model) ?? EmbeddedModel.Name;
            var options = server.Read(result, Environment.GetEnvironmentVariable, name);
            var config = node.ReadConfig(result);
            if (config is not null && result.GetValue(model) is not null)
                throw new CommandException("Exactly one of MODEL and --config FILE must be given; got both.");
            var devices = NodeFlags.FindDevices(engine.ReadDevices(result));
            var read = engine.ReadModel(result, EmbeddedModel.Resolve(result.GetValue(model)));
            var process = new NodeOptions
            {
                Server = options,
                Head = true,
                Silo = true,
                Gateway = true,
                Private = false,
                AdvertisedAddress = IPAddress.Loopback,
                Labels = node.ReadLabels(result),
                Devices = devices,
                CpuThreads = read.CpuThreads,
                ConfigFile = config,
                Model = config is null
                    ? ServedModelSpec.Of(read with { Devices = devices[0].Id }, options.ServedModelNames)
                    : null,
            };
            return await new NodeProcess(process, result.InvocationConfiguration.Output).RunAsync(interruption.Shutdown);
        });
        return verb;
    }
}
