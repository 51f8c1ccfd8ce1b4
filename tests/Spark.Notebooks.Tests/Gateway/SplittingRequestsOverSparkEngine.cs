namespace Spark.Notebooks.Tests;

public sealed class SplittingRequestsOverSparkEngine(SparkEnginePair pair) : SplittingRequests(pair), IClassFixture<SparkEnginePair>;
