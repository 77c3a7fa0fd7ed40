using System.Diagnostics;

namespace Whence.Generator.Check;

/// <summary>An exception that should not have been, in words for whoever mends it.</summary>
internal static class Failure
{
    /// <summary>What was thrown and where, on one line.</summary>
    public static string Words(Exception failure)
    {
        var method = new StackTrace(failure).GetFrame(0)?.GetMethod();
        var where = method is null ? "" : $" in {method.DeclaringType?.Name}.{method.Name}";
        return $"{failure.GetType().Name}{where}, "
            + $"{string.Join(" ", failure.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.')}";
    }
}
