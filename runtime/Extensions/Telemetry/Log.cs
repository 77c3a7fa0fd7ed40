using Microsoft.Extensions.Logging;

namespace Whence.Extensions;

/// <summary>What is logged.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "{Network} is loaded from {Weights} in {Milliseconds:f0} ms; rows are explained by {Method}.")]
    public static partial void Loaded(ILogger logger, string network, string weights, string method, double milliseconds);

    [LoggerMessage(2, LogLevel.Warning, "{Network} gave no answer: {Reason}")]
    public static partial void NotTold(ILogger logger, string network, string reason);

    // Refused rows come in crowds, and are counted as whence.rows of the outcome "busy".
    [LoggerMessage(3, LogLevel.Debug, "{Network} refused a row, since as many wait as may.")]
    public static partial void Busy(ILogger logger, string network);

    [LoggerMessage(4, LogLevel.Debug, "{Network} asks {Rows} rows one by one, since one of them has no answer: {Reason}")]
    public static partial void OneByOne(ILogger logger, string network, int rows, string reason);
}
