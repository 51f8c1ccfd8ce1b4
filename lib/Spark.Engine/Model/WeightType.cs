namespace Spark.Engine;

/// <summary>Number formats of stored weights.</summary>
internal enum WeightType
{
    BFloat16,
    Float16,
    Float32,
}
