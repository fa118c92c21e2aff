using System.CommandLine;
using Grid.Abstractions;
using Grid.Cli.CommandLine;

namespace Grid.Cli.Pull;

/// <summary><c>grid pull ORG/NAME</c>.</summary>
internal static class PullCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("MODEL") { Description = "ORG/NAME on the Hugging Face hub" };
        var revision = new Option<string>("--revision")
        {
            HelpName = "NAME", Description = "Branch, tag or commit",
            DefaultValueFactory = _ => "main"
        };
        var include = new Option<string[]>("--include")
        {
            HelpName = "PATTERN",
            Description =
            "Only download files that match, such as *Q4_K_M.gguf; may be repeated [default: configuration, tokenizer, weights]"
        };
        var verb = new Verb("pull", "Download a model from the Hugging Face hub into its cache; the last line of output is the folder")
        {
            Examples =
            [
                ("grid pull HuggingFaceTB/SmolLM2-135M-Instruct", "then: grid serve HuggingFaceTB/SmolLM2-135M-Instruct"),
                ("grid pull ORG/NAME-GGUF --include '*Q4_K_M.gguf'", "download one file of many"),
                ("grid serve \"$(grid pull ORG/NAME | tail -n 1)\"", "download and serve"),
            ],
            Variables =
            [
                ("HF_ENDPOINT", "the hub's address [https://huggingface.co]"),
                ("HF_TOKEN", "token for gated and private models; never sent to another host"),
                ("HF_HOME", "folder whose hub/ is the cache [~/.cache/huggingface]"),
                ("HF_HUB_CACHE", "the cache itself"),
                ("HF_HUB_OFFLINE", "1: nothing is asked over the network"),
            ],
        };
        verb.Add(model);
        verb.Add(revision);
        verb.Add(include);
        verb.SetAction(async result =>
        {
            using var interruption = new Interruption();
            using var http = HubClient.CreateHttp();
            var pull = new ModelPull(http, HubSettings.Read(Environment.GetEnvironmentVariable), TimeProvider.System,
                result.InvocationConfiguration.Error);
            var folder = await pull.RunAsync(
                HubNames.Repository(result.GetRequiredValue(model)), HubNames.Revision(result.GetRequiredValue(revision)),
                result.GetValue(include) ?? [], interruption.Token);
            result.InvocationConfiguration.Output.WriteLine(folder);
            return ExitCodes.Done;
        });
        return verb;
    }
}
