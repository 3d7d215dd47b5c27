echo > templates
