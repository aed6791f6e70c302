using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace EventFly.ServiceDefaults.Telemetry;

/// <summary>
/// Metrics in Prometheus text format 0.0.4. The package OpenTelemetry.Exporter.Prometheus.AspNetCore does the same and could take its place
/// once it is released as stable: see docs/decisions.
/// </summary>
/// <remarks>https://prometheus.io/docs/instrumenting/exposition_formats/</remarks>
internal sealed class PrometheusText : IDisposable
{
    private readonly TextExporter exporter = new();
    private readonly Lock scraping = new();

    public PrometheusText() => Reader = new BaseExportingMetricReader(exporter) { TemporalityPreference = MetricReaderTemporalityPreference.Cumulative };

    public MetricReader Reader { get; }

    /// <summary>All metrics as they are now, in UTF-8.</summary>
    public ReadOnlyMemory<byte> Scrape()
    {
        lock (scraping)
        {
            exporter.Text.Clear();
            exporter.Collect?.Invoke(Timeout.Infinite);
            return Encoding.UTF8.GetBytes(exporter.Text.ToString());
        }
    }

    // The meter provider disposes the reader, and the reader the exporter.
    public void Dispose() => exporter.Text.Clear();

    [ExportModes(ExportModes.Pull)]
    private sealed class TextExporter : BaseExporter<Metric>, IPullMetricExporter
    {
        public StringBuilder Text { get; } = new();

        public Func<int, bool>? Collect { get; set; }

        public override ExportResult Export(in Batch<Metric> batch)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var metric in batch)
            {
                // A family may appear once; two meters with one instrument name keep the first.
                var name = NameOf(metric);
                if (seen.Add(name))
                {
                    Write(metric, name);
                }
            }

            return ExportResult.Success;
        }

        private void Write(Metric metric, string name)
        {
            var type = metric.MetricType switch
            {
                MetricType.LongSum or MetricType.DoubleSum => "counter",
                MetricType.Histogram => "histogram",
                _ => "gauge",
            };
            var description = string.IsNullOrEmpty(metric.Description) ? metric.Name : metric.Description;
            Text.Append("# HELP ").Append(name).Append(' ').Append(description.Replace("\\", "\\\\", StringComparison.Ordinal).ReplaceLineEndings(" ")).Append('\n');
            Text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
            foreach (ref readonly var point in metric.GetMetricPoints())
            {
                switch (metric.MetricType)
                {
                    case MetricType.Histogram:
                        WriteHistogram(name, point);
                        break;
                    case MetricType.LongSum or MetricType.LongSumNonMonotonic:
                        WriteSample(name, point, point.GetSumLong());
                        break;
                    case MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic:
                        WriteSample(name, point, point.GetSumDouble());
                        break;
                    case MetricType.LongGauge:
                        WriteSample(name, point, point.GetGaugeLastValueLong());
                        break;
                    case MetricType.DoubleGauge:
                        WriteSample(name, point, point.GetGaugeLastValueDouble());
                        break;
                    default:
                        break;
                }
            }
        }

        private void WriteHistogram(string name, in MetricPoint point)
        {
            long below = 0;
            foreach (var bucket in point.GetHistogramBuckets())
            {
                below += bucket.BucketCount;
                WriteSample(name + "_bucket", point, below, double.IsPositiveInfinity(bucket.ExplicitBound) ? "+Inf" : Number(bucket.ExplicitBound));
            }

            WriteSample(name + "_sum", point, point.GetHistogramSum());
            WriteSample(name + "_count", point, point.GetHistogramCount());
        }

        private void WriteSample(string name, in MetricPoint point, double value, string? upTo = null)
        {
            Text.Append(name);
            var separator = '{';
            foreach (var (key, tag) in point.Tags)
            {
                Text.Append(separator).Append(LabelName(key)).Append("=\"").Append(LabelValue(tag)).Append('"');
                separator = ',';
            }

            if (upTo is not null)
            {
                Text.Append(separator).Append("le=\"").Append(upTo).Append('"');
                separator = ',';
            }

            if (separator == ',')
            {
                Text.Append('}');
            }

            Text.Append(' ').Append(Number(value)).Append('\n');
        }

        private static string NameOf(Metric metric)
        {
            var name = new StringBuilder();
            Sanitize(metric.Name, name);
            var unit = metric.Unit switch
            {
                "s" => "_seconds",
                "ms" => "_milliseconds",
                "By" => "_bytes",
                _ => "",
            };
            if (!name.ToString().EndsWith(unit, StringComparison.Ordinal))
            {
                name.Append(unit);
            }

            return name + (metric.MetricType is MetricType.LongSum or MetricType.DoubleSum && !name.ToString().EndsWith("_total", StringComparison.Ordinal) ? "_total" : "");
        }

        private static string LabelName(string key)
        {
            var name = new StringBuilder();
            Sanitize(key, name);
            return name.ToString();
        }

        private static void Sanitize(string text, StringBuilder name)
        {
            foreach (var character in text)
            {
                name.Append(char.IsAsciiLetter(character) || character == '_' || (name.Length > 0 && char.IsAsciiDigit(character)) ? character : '_');
            }
        }

        private static string LabelValue(object? value) => (Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")
            .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

        private static string Number(double value) => value switch
        {
            double.PositiveInfinity => "+Inf",
            double.NegativeInfinity => "-Inf",
            double.NaN => "NaN",
            _ => value.ToString("R", CultureInfo.InvariantCulture),
        };
    }
}
