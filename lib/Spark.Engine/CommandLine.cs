using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace Spark.Engine;

/// <summary>The flags of <c>vllm serve</c> that this engine has, by vLLM's names and defaults, and the few that vLLM has not.</summary>
internal static class CommandLine
{
    static readonly Argument<string> Model = new("model") { Description = "A Hugging Face model directory: config.json, tokenizer.json, *.safetensors." };
    static readonly Option<string> Host = new("--host") { Description = "Address to listen on.", DefaultValueFactory = _ => "127.0.0.1" };
    static readonly Option<int> Port = Range("--port", "Port to listen on; 0 takes a free one.", 8000, 0, 65535);
    static readonly Option<string[]> ServedModelName = new("--served-model-name") { Description = "Names that requests may use; responses carry the first. Default: the model directory as given.", AllowMultipleArgumentsPerToken = true };
    static readonly Option<string?> Tokenizer = new("--tokenizer") { Description = "Directory of another tokenizer.json, as for a shape without one." };
    static readonly Option<string?> ChatTemplate = new("--chat-template") { Description = "File with a Jinja chat template. Default: the model's own, else the messages' contents with an empty line between them." };
    static readonly Option<string> LoadFormat = OneOf("--load-format", "auto reads the weights, dummy makes random ones of the same shape.", "auto", "dummy", "safetensors");
    static readonly Option<string> Dtype = OneOf("--dtype", "How weights are kept: auto as they are stored, float32 widened; the arithmetic is fp32 either way.", "auto", "float32");
    static readonly Option<string> KvCacheDtype = OneOf("--kv-cache-dtype", "How K and V are stored; auto is bfloat16.", "auto", "bfloat16", "float32");
    static readonly Option<int> BlockSize = Range("--block-size", "Tokens a KV block; 16 is the one size this engine has.", KvLayout.BlockSize, KvLayout.BlockSize, KvLayout.BlockSize);
    static readonly Option<int?> MaxModelLen = new("--max-model-len") { Description = "Tokens a request may have, prompt and output together. Default: the model's context length." };
    static readonly Option<int> MaxNumSeqs = Range("--max-num-seqs", "Requests that may run at once.", 256, 1, 65536);
    static readonly Option<int> MaxNumBatchedTokens = Range("--max-num-batched-tokens", "Tokens that one step may compute.", 2048, 1, 1 << 20);
    static readonly Option<double> GpuMemoryUtilization = Range("--gpu-memory-utilization", "Share of the device memory for weights, activations and KV cache, up to 1.", 0.9, 0.001, 1.0);
    static readonly Option<long?> KvCacheMemory = new("--kv-cache-memory-bytes") { Description = "Memory for the KV cache, whatever --gpu-memory-utilization would leave.", CustomParser = result => Size(result) };
    static readonly Option<bool> NoPrefixCaching = new("--no-enable-prefix-caching") { Description = "Compute every prompt in full." };
    static readonly Option<int> Seed = new("--seed") { Description = "Seed of sampling, and of random weights." };
    static readonly Option<string[]> ApiKey = new("--api-key") { Description = "Key that /v1 requests must carry; also VLLM_API_KEY.", AllowMultipleArgumentsPerToken = true };
    static readonly Option<bool> RequestIdHeaders = new("--enable-request-id-headers") { Description = "Add X-Request-Id to responses." };
    static readonly Option<bool> PromptTokensDetails = new("--enable-prompt-tokens-details") { Description = "Report cached prompt tokens in usage." };
    static readonly Option<KvTransferConfig?> KvTransfer = new("--kv-transfer-config") { Description = "KV transfer between engines, NixlConnector's JSON; kv_connector_extra_config.transport is tcp or shm.", CustomParser = Transfer };
    static readonly Option<long> DeviceMemory = new("--device-memory") { Description = "Memory that this node claims to have (not in vLLM, which asks the GPU).", CustomParser = Size, DefaultValueFactory = _ => 1L << 30 };
    static readonly Option<int[]?> Cores = new("--cores") { Description = "Cores to pin this process to, such as 0 or 0,1 (not in vLLM).", CustomParser = CoreList };
    static readonly Option<int[]?> ApiCores = new("--api-cores") { Description = "Cores of all but the thread that computes, such as 2,3: HTTP, tokenizer, KV transfer; those of --cores where not given (not in vLLM; Linux only).", CustomParser = CoreList };
    static readonly Option<bool> ExitWithParent = new("--exit-with-parent") { Description = "End when standard input closes, as it does when the starting process dies (not in vLLM)." };

    public static RootCommand Build(Func<ServeOptions, CancellationToken, Task<int>> serve, Func<IReadOnlyList<int>, IReadOnlyList<long>, int> measure)
    {
        var serveCommand = new Command("serve", "Serve a Llama-family model through vLLM's HTTP API.")
        {
            Model, Host, Port, ServedModelName, Tokenizer, ChatTemplate, LoadFormat, Dtype, KvCacheDtype, BlockSize, MaxModelLen, MaxNumSeqs, MaxNumBatchedTokens,
            GpuMemoryUtilization, KvCacheMemory, NoPrefixCaching, Seed, ApiKey, RequestIdHeaders, PromptTokensDetails, KvTransfer, DeviceMemory, Cores, ApiCores, ExitWithParent,
        };
        serveCommand.Validators.Add(result =>
        {
            if (result.GetResult(ApiCores) is not null && result.GetResult(Cores) is null)
                result.AddError("--api-cores are for all but the thread that computes: give that one --cores too.");
            if (result.GetResult(ApiCores) is not null && !OperatingSystem.IsLinux())
                result.AddError("--api-cores: only Linux lets one thread have other cores than the rest of its process. Leave it out.");
        });
        serveCommand.SetAction((parsed, stop) => serve(Read(parsed), stop));
        var bytes = new Option<long[]>("--bytes") { Description = "Buffer sizes to read, such as the weights' own.", CustomParser = Sizes, DefaultValueFactory = _ => [1 << 20, 16 << 20, 64 << 20, 256 << 20] };
        var measureCommand = new Command("measure", "Measure a core's two ceilings, multiply-adds and memory reads a second, and print them as JSON.") { Cores, bytes };
        measureCommand.SetAction(parsed => measure(parsed.GetValue(Cores) ?? [], parsed.GetValue(bytes)!));
        LinkCommands.AddTo(measureCommand, Cores, bytes);
        return new RootCommand("spark-engine: a vLLM in miniature. It serves real models on CPU cores through vLLM's API, with its scheduler, paged KV cache and logs.") { serveCommand, measureCommand };
    }

    static ServeOptions Read(ParseResult parsed) => new()
    {
        Engine = new EngineOptions
        {
            Model = parsed.GetValue(Model)!,
            DummyWeights = parsed.GetValue(LoadFormat) == "dummy",
            Float32Weights = parsed.GetValue(Dtype) == "float32",
            DeviceMemoryBytes = parsed.GetValue(DeviceMemory),
            GpuMemoryUtilization = parsed.GetValue(GpuMemoryUtilization),
            KvCacheMemoryBytes = parsed.GetValue(KvCacheMemory),
            MaxModelLen = parsed.GetValue(MaxModelLen),
            MaxNumSeqs = parsed.GetValue(MaxNumSeqs),
            MaxNumBatchedTokens = parsed.GetValue(MaxNumBatchedTokens),
            KvCacheDtype = parsed.GetValue(KvCacheDtype) == "float32" ? KvDtype.Float32 : KvDtype.BFloat16,
            EnablePrefixCaching = !parsed.GetValue(NoPrefixCaching),
            Seed = parsed.GetValue(Seed),
            KvTransfer = parsed.GetValue(KvTransfer),
        },
        Api = new ApiOptions
        {
            Host = parsed.GetValue(Host)!,
            Port = parsed.GetValue(Port),
            ModelPath = parsed.GetValue(Model)!,
            ServedModelNames = parsed.GetValue(ServedModelName) is { Length: > 0 } names ? names : [parsed.GetValue(Model)!],
            ApiKeys = parsed.GetValue(ApiKey) is { Length: > 0 } keys ? keys : Environment.GetEnvironmentVariable("VLLM_API_KEY") is { Length: > 0 } key ? [key] : [],
            EnableRequestIdHeaders = parsed.GetValue(RequestIdHeaders),
            EnablePromptTokensDetails = parsed.GetValue(PromptTokensDetails),
        },
        TokenizerDirectory = parsed.GetValue(Tokenizer) ?? parsed.GetValue(Model)!,
        ChatTemplateFile = parsed.GetValue(ChatTemplate),
        Cores = parsed.GetValue(Cores) ?? [],
        ApiCores = parsed.GetValue(ApiCores) ?? [],
        ExitWithParent = parsed.GetValue(ExitWithParent),
    };

    static Option<T> Range<T>(string name, string description, T byDefault, T least, T most) where T : INumber<T>
    {
        var option = new Option<T>(name) { Description = description, DefaultValueFactory = _ => byDefault };
        option.Validators.Add(result =>
        {
            if (result.Errors.Any() || result.GetValueOrDefault<T>() is { } value && value >= least && value <= most)
                return;
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} must be {least} to {most}."));
        });
        return option;
    }

    static Option<string> OneOf(string name, string description, params string[] values) =>
        new Option<string>(name) { Description = description, DefaultValueFactory = _ => values[0] }.AcceptOnlyFromAmong(values);

    static KvTransferConfig? Transfer(ArgumentResult result)
    {
        try
        {
            return KvTransferConfig.Parse(result.Tokens[0].Value, Environment.GetEnvironmentVariable);
        }
        catch (FormatException e)
        {
            result.AddError(e.Message);
            return null;
        }
    }

    static long Size(ArgumentResult result) => Sizes(result).FirstOrDefault();

    static long[] Sizes(ArgumentResult result)
    {
        try
        {
            return [.. result.Tokens.SelectMany(t => t.Value.Split(',')).Select(ByteSize.Parse)];
        }
        catch (FormatException e)
        {
            result.AddError(e.Message);
            return [];
        }
    }

    static int[]? CoreList(ArgumentResult result)
    {
        var cores = new List<int>();
        foreach (var part in result.Tokens.SelectMany(t => t.Value.Split(',')))
            if (int.TryParse(part, out var core) && core is >= 0 and < 64)
                cores.Add(core);
            else
                result.AddError($"'{part}' is not a core: write numbers from 0 to 63, such as 0 or 0,1.");
        return [.. cores];
    }
}
