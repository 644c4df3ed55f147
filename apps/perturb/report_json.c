#include <math.h>

#include <tessera/version.h>

#include "json_parts.h"
#include "report.h"

static cJSON *begin(const report *r)
{
    const tsr_device_info *info = r->device;
    const options *o = r->options;
    cJSON *root = cJSON_CreateObject(), *device;

    json_text(root, "tessera", tsr_version());
    json_text(root, "date", r->date);
    device = cJSON_AddObjectToObject(root, "device");
    json_text(device, "platform", info->platform);
    json_text(device, "name", info->name);
    json_text(device, "type", tsr_device_type_name(info->type));
    cJSON_AddNumberToObject(device, "compute_units", info->compute_units);
    json_number(root, "seed", (double)o->seed);
    json_number(root, "sigma", o->sigma);
    json_number(root, "directions", (double)o->directions);
    return root;
}

static void add_race(cJSON *root, const race *c)
{
    json_number(root, "gradient_error", c->check.error);
    json_number(root, "gradient_largest", c->check.largest);
    json_number(root, "gradient_error_ratio", c->check.ratio);
    json_number(root, "gradient_ms", c->device * 1e3);
    json_number(root, "plain_c_ms", c->plain * 1e3);
    json_number(root, "plain_c_full_forward_ms", c->full_forward * 1e3);
    json_text(root, "plain_c_level", c->plain_level);
    json_number(root, "backpropagation_ms", c->check.seconds * 1e3);
    json_number(root, "plain_c_difference", c->plain_error);
}

static void add_standing(cJSON *object, const standing *s)
{
    json_number(object, "loss", s->loss);
    json_number(object, "train_accuracy", s->train_accuracy);
    json_number(object, "test_accuracy", s->test_accuracy);
}

static void add_history(cJSON *root, const history *h)
{
    const moment *last = &h->items[h->count];
    cJSON *array;

    json_number(root, "steps", (double)h->count);
    json_number(root, "steps_per_second",
                last->seconds > 0 ? (double)h->count / last->seconds : NAN);
    add_standing(root, &last->standing);
    cJSON_AddBoolToObject(root, "interrupted", h->interrupted);
    array = cJSON_AddArrayToObject(root, "history");
    for (size_t i = 0; i <= h->count; i++) {
        cJSON *object = cJSON_CreateObject();

        add_standing(object, &h->items[i].standing);
        json_number(object, "seconds", h->items[i].seconds);
        cJSON_AddItemToArray(array, object);
    }
}

static void add_training(cJSON *root, const report *r)
{
    json_text(root, "method", options_method_name(r->options->method));
    json_text(root, "noise", options_noise_name(r->options->noise));
    json_number(root, "train_images", (double)r->train_count);
    json_number(root, "test_images", (double)r->held_out_count);
    add_race(root, &r->race);
    add_history(root, &r->history);
}

static void add_products(cJSON *root, const products *p)
{
    cJSON *array;

    json_number(root, "k", PRODUCTS_K);
    json_number(root, "n", PRODUCTS_N);
    json_number(root, "unperturbed_ms", p->unperturbed * 1e3);
    json_number(root, "extra_bytes", p->extra_bytes);
    array = cJSON_AddArrayToObject(root, "products");
    for (int i = 0; i < PRODUCT_ROWS; i++) {
        const product_row *row = &p->rows[i];
        cJSON *object = cJSON_CreateObject();

        json_text(object, "noise", options_noise_name(row->noise));
        cJSON_AddBoolToObject(object, "pairs", row->pairs);
        json_number(object, "together_ms", row->together * 1e3);
        json_number(object, "separate_ms", row->separate * 1e3);
        json_number(object, "ratio", row->together / row->separate);
        json_number(object, "random_share", fmax(0, 1 - row->without / row->together));
        cJSON_AddItemToArray(array, object);
    }
}

bool report_json(FILE *file, const report *r, failure *why)
{
    cJSON *root = begin(r);

    if (r->products)
        add_products(root, r->products);
    else
        add_training(root, r);
    return json_print(file, root, why);
}
