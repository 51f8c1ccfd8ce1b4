namespace Spark.Notebooks.Tests;

public sealed class SplittingRequestsOverVllm013(Vllm013Pair pair) : SplittingRequests(pair), IClassFixture<Vllm013Pair>;
